import { startApi, type TestApi } from '../support/api';
import { aClaim, link, logInBy, personOf, trustEveryCode } from '../support/identities';
import { aMember, changeProfile, unregister, type Member } from '../support/members';
import {
  advance,
  aGuest,
  aLobby,
  aNewcomer,
  anInvited,
  anOpenStudy,
  codeOf,
  enterCode,
  expectStatus,
  join,
  write,
  type Person,
  type Seat,
} from '../support/people';
import { referencesTo, tracesOf } from '../support/traces';

/** In everything that the one who leaves is called, and writes. */
const MARK = 'Zq7';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
  trustEveryCode(api, { name: `${MARK} 이름`, imageUrl: `https://example.com/${MARK}.png` });
});
afterAll(async () => {
  jest.restoreAllMocks();
  await api.stop();
});

const plan = { toDo: `${MARK} 계획`, 키: MARK };
const retrospect = { lesson: `${MARK} 회고` };

/** A study of two that is over; the member took part from its beginning to its end. */
async function aPastStudy(member: Person): Promise<Seat> {
  const host = await aLobby(api.client, { totalCycle: 1 });
  expectStatus(200, await enterCode(api.client, member, await codeOf(api.client, host)));
  const seat = await join(api.client, member, host.studyId, `${MARK} 별명`);
  await advance(api.client, host, 1);
  expectStatus(200, await write(api.client, seat, 'plan', plan));
  await advance(api.client, host, 2);
  expectStatus(200, await write(api.client, seat, 'retrospect', retrospect));
  await advance(api.client, host, 1);
  return host;
}

async function aSoloStudyOf({ token }: Person): Promise<void> {
  const body = { name: `${MARK}혼자`, totalCycle: 1, timePerCycle: 20 };
  const headers = { 'idempotency-key': `${MARK}-solo` };
  const answer = await api.client.post<Seat>('/api/v2/solo-studies', { token, body, headers });
  const seat = { ...expectStatus(201, answer).body, token, memberId: 0 };
  expectStatus(200, await write(api.client, seat, 'plan', plan));
}

/** A member who has left traces wherever one can. */
async function aMemberEverywhere(subject: string): Promise<Member> {
  const member = await aMember(api, subject);
  await personOf(api, await logInBy(api, subject));
  expectStatus(200, await link(api, member, `${subject}-2`, 'kakao'));
  expectStatus(
    200,
    await changeProfile(api.client, member, { name: `${MARK} 새`, nickname: `${MARK} 루나` }),
  );
  await aPastStudy(member);
  await aSoloStudyOf(member);
  const own = await join(
    api.client,
    member,
    await anOpenStudy(api.client, member, { name: `${MARK}방` }),
    MARK,
  );
  await advance(api.client, own, 1);
  await anOpenStudy(api.client, member, { name: `${MARK}빈방` });
  const elsewhere = await aLobby(api.client);
  expectStatus(200, await enterCode(api.client, member, await codeOf(api.client, elsewhere)));
  await aClaim(api, subject);
  expectStatus(201, await api.client.post('/api/v2/me/calendar-feed', { token: member.token }));
  return member;
}

describe('of one who has left', () => {
  it('no name, address, picture, nickname or text is anywhere in the database', async () => {
    const member = await aMemberEverywhere(`${MARK}-subject`);
    const before = await tracesOf(api, MARK);
    expect(before).toEqual(
      expect.arrayContaining([
        'content.plan',
        'content.retrospect',
        'idempotency_key.answer',
        'idempotency_key.key',
        'identity.name',
        'identity.subject',
        'identity_claim.subject',
        'member.email',
        'member.image_url',
        'member.name',
        'member.nickname',
        'participant.nickname',
        'study.name',
      ]),
    );
    expectStatus(204, await unregister(api.client, member));
    expect(await tracesOf(api, MARK)).toEqual([]);
  });

  it('nothing but numbers points at the row that stays', async () => {
    const member = await aMemberEverywhere('pointed-at');
    expect(await referencesTo(api, member.memberId)).toEqual([
      'calendar_feed.member_id',
      'funnel_event.member_id',
      'idempotency_key.member_id',
      'identity.member_id',
      'invitation.member_id',
      'participant.member_id',
      'session.member_id',
      'study.creator_id',
    ]);
    expectStatus(204, await unregister(api.client, member));
    expect(await referencesTo(api, member.memberId)).toEqual([
      'funnel_event.member_id',
      'participant.member_id',
      'study.creator_id',
    ]);
    const [row] = await api.sql('SELECT * FROM member WHERE id = ?', [member.memberId]);
    expect(row).toMatchObject({ name: '탈퇴한 회원', email: null, image_url: null, nickname: null });
  });

  it('what others are called and wrote stays', async () => {
    const member = await aMember(api, 'one-of-two');
    const host = await aPastStudy(member);
    expectStatus(200, await changeProfile(api.client, host, { name: 'Yx9 이름' }));
    const solo = await aGuest(api.client);
    expectStatus(200, await changeProfile(api.client, solo, { nickname: 'Yx9' }));
    const before = await tracesOf(api, 'Yx9');
    expect(before).toEqual(['member.name', 'member.nickname']);
    expectStatus(204, await unregister(api.client, member));
    expect(await tracesOf(api, 'Yx9')).toEqual(before);
  });
});

it('every table that points at a member has been thought of when members leave', async () => {
  const tables = await api.sql<{ name: string }>(
    'SELECT DISTINCT TABLE_NAME AS name FROM information_schema.COLUMNS ' +
      "WHERE TABLE_SCHEMA = DATABASE() AND COLUMN_NAME LIKE '%member%id' ORDER BY 1",
  );
  expect(tables.map(({ name }) => name)).toEqual([
    'calendar_feed',
    'funnel_event',
    'idempotency_key',
    'identity',
    'identity_claim',
    'invitation',
    'participant',
    'session',
  ]);
});

it('a claim of one who leaves is gone, and so is one on an identity of theirs', async () => {
  const member = await aMember(api, 'claimed');
  const { guest } = await aClaim(api, 'claimed');
  const claims = async () =>
    (await api.sql<{ n: number }>('SELECT COUNT(*) AS n FROM identity_claim'))[0]?.n ?? 0;
  const before = await claims();
  await unregister(api.client, guest);
  expect(await claims()).toBe(before - 1);
  await aClaim(api, 'claimed');
  await unregister(api.client, member);
  expect(await claims()).toBe(before - 1);
});

it('a study of others that one was in keeps its seats, a lobby loses one', async () => {
  const host = await aLobby(api.client);
  const newcomer = await aNewcomer(api.client, host, 'Wv8');
  await anInvited(api.client, host);
  expect(await tracesOf(api, 'Wv8')).toEqual(['participant.nickname']);
  await unregister(api.client, newcomer);
  expect(await tracesOf(api, 'Wv8')).toEqual([]);
  expect(await api.sql('SELECT id FROM participant WHERE study_id = ?', [host.studyId])).toHaveLength(1);
});
