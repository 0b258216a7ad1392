import { randomUUID } from 'node:crypto';
import { startApi, type TestApi } from '../support/api';
import { aFuse, type Fuse } from '../support/fuse';
import { confirm, personOf, trustEveryCode } from '../support/identities';
import { aMerge, belongingsOf, type Belongings, type Merge } from '../support/merges';
import { expectStatus } from '../support/people';

jest.setTimeout(300_000);

let api: TestApi;
let fuse: Fuse;
beforeAll(async () => {
  api = await startApi();
});
beforeEach(() => {
  trustEveryCode(api);
  fuse = aFuse(api);
});
afterEach(() => jest.restoreAllMocks());
afterAll(() => api.stop());

const bothOf = async ({ owner, guest }: Merge) => ({
  owner: await belongingsOf(api, owner.memberId),
  guest: await belongingsOf(api, guest.memberId),
});

/** What must be the same after every merge: without ids and instants. */
function gist({ owner, guest }: Readonly<{ owner: Belongings; guest: Belongings }>) {
  const counts = ({ studies, invitations, keys, feeds }: Belongings) =>
    [studies, invitations, keys, feeds].map(({ length }) => length);
  return {
    seats: owner.seats.map(({ nickname, is_host }) => ({ nickname, is_host })),
    contents: owner.contents.map(({ cycle, plan, retrospect }) => ({ cycle, plan, retrospect })),
    funnel: owner.funnel.map(({ event, entry }) => ({ event, entry })),
    identities: owner.identities,
    logins: owner.logins,
    of: [counts(owner), counts(guest)],
    left: [guest.seats, guest.contents, guest.funnel, guest.identities],
    guest: guest.member.map(({ login_type, token_version }) => ({ login_type, token_version })),
    claims: guest.claims,
  };
}

/** Merges without disturbance. @returns what it leads to, and how many statements it takes */
async function anUndisturbedMerge(): Promise<{ expected: ReturnType<typeof gist>; statements: number }> {
  const ready = await aMerge(api, `undisturbed-${randomUUID()}`);
  fuse.set('killed', 0);
  expectStatus(200, await confirm(api, ready.guest, ready.confirmation, 'merge'));
  return { statements: fuse.seen, expected: gist(await bothOf(ready)) };
}

const merge = ({ guest, confirmation }: Merge) => confirm(api, guest, confirmation, 'merge');

describe('a merge', () => {
  it('whose connection is killed before any of its statements changes nothing, and is complete when repeated', async () => {
    const { expected, statements } = await anUndisturbedMerge();
    expect(statements).toBeGreaterThan(25);
    for (let at = 1; at <= statements; at += 1) {
      const ready = await aMerge(api, `killed-${at}`);
      const before = await bothOf(ready);
      fuse.set('killed', at);
      expect([at, (await merge(ready)).status]).toEqual([at, 503]);
      expect(await bothOf(ready)).toEqual(before);
      fuse.set('killed', 0);
      const first = await personOf(api, await merge(ready));
      expect(gist(await bothOf(ready))).toEqual(expected);
      const repeated = await personOf(api, await merge(ready));
      expect(repeated).toMatchObject({ memberId: ready.owner.memberId, refreshToken: first.refreshToken });
      expect(gist(await bothOf(ready))).toEqual(expected);
    }
  });

  it('that is the victim of a deadlock at any of its statements is done once all the same', async () => {
    const { expected, statements } = await anUndisturbedMerge();
    for (let at = 1; at <= statements; at += 1) {
      const ready = await aMerge(api, `deadlocked-${at}`);
      fuse.set('deadlocked', at);
      expectStatus(200, await merge(ready));
      expect(gist(await bothOf(ready))).toEqual(expected);
    }
  });
});
