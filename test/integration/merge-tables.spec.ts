import { startApi, type TestApi } from '../support/api';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

/**
 * What becomes of every column that names a member when a guest merges. Whoever adds one decides it in MergingService,
 * and writes it down here.
 */
const FATES: Readonly<Record<string, string>> = {
  'calendar_feed.member_id': 'handed over; one who has a feed keeps that',
  'funnel_event.member_id': 'handed over; what came first counts',
  'idempotency_key.member_id': 'handed over; for one key the first request counts',
  'identity.member_id': 'a guest has none',
  'identity_claim.member_id': 'the one that was chosen stays, so that it can be repeated; the others go',
  'invitation.member_id': 'handed over; the later expiry counts',
  'oauth_state.link_to': 'stays; a guest who has ended is refused when it comes back',
  'participant.member_id': 'handed over; of two seats in one study one stays',
  'session.member_id': 'a guest has none; ended',
  'study.creator_id': 'handed over',
};

const REFERENCES =
  'SELECT CONCAT(TABLE_NAME, ".", COLUMN_NAME) AS name FROM information_schema.KEY_COLUMN_USAGE ' +
  'WHERE TABLE_SCHEMA = DATABASE() AND REFERENCED_TABLE_NAME = "member"';
const NAMES =
  'SELECT CONCAT(TABLE_NAME, ".", COLUMN_NAME) AS name FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() ' +
  'AND (COLUMN_NAME LIKE "%member\\_id" OR COLUMN_NAME IN ("creator_id", "link_to", "user_id", "owner_id"))';

it('every column that names a member has a fate in a merge', async () => {
  const found = [
    ...(await api.sql<{ name: string }>(REFERENCES)),
    ...(await api.sql<{ name: string }>(NAMES)),
  ];
  expect([...new Set(found.map(({ name }) => name))].sort()).toEqual(Object.keys(FATES).sort());
});
