import { startApi, type TestApi } from '../support/api';
import { aClaim, anOwner, confirm, personOf, trustEveryCode } from '../support/identities';
import { aMerge, aSharedLobby, belongingsOf, type Merge } from '../support/merges';
import {
  advance,
  aGuest,
  anInvited,
  aLobby,
  aSoloStudy,
  expectStatus,
  hostOf,
  join,
  next,
  studyOf,
  write,
  type Person,
  type Seat,
} from '../support/people';

const BIGGEST_ANSWER = 65_535 - '{"toDo":""}'.length;

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
beforeEach(() => trustEveryCode(api));
afterEach(() => jest.restoreAllMocks());
afterAll(() => api.stop());

const merge = async ({ guest, confirmation }: Pick<Merge, 'guest' | 'confirmation'>): Promise<Person> =>
  personOf(api, await confirm(api, guest, confirmation, 'merge'));

interface Content {
  readonly cycle: number;
  readonly plan: Readonly<Record<string, string>>;
  readonly retrospect: Readonly<Record<string, string>>;
}
const contentsOf = async ({ token, studyId, participantId }: Seat) => {
  const path = `/api/v2/studies/${studyId}/contents?participantId=${participantId}`;
  return expectStatus(200, await api.client.get<{ content: Content[] }>(path, { token })).body.content;
};

describe('a study that both were in', () => {
  it('has one seat left, that of the member, with all that was written in both', async () => {
    const ready = await aMerge(api, 'shared');
    const { token } = await merge(ready);
    const seat = { ...ready.shared.owner, token };
    expect(await contentsOf(seat)).toEqual([
      {
        cycle: 1,
        plan: { toDo: '회원의 계획\n\n손님의 계획', lesson: '손님만' },
        retrospect: { lesson: '회원의 회고' },
      },
      { cycle: 2, plan: { toDo: '손님의 둘째 계획' }, retrospect: {} },
    ]);
    const seats = await api.sql('SELECT member_id FROM participant WHERE study_id = ?', [seat.studyId]);
    expect(seats).toEqual([{ member_id: ready.owner.memberId }]);
  });

  it('has the member for its host when the guest was, who moves it on', async () => {
    const ready = await aMerge(api, 'host');
    const { token } = await merge(ready);
    const seat = { ...ready.shared.owner, token };
    expect(await hostOf(api.client, seat)).toBe('회원');
    expectStatus(204, await next(api.client, seat));
  });

  it('keeps its host when the guest was none', async () => {
    const owner = await anOwner(api, 'no-host');
    const study = { totalCycle: 1, timePerCycle: 20, name: '방' };
    const created = await api.client.post('/api/v2/studies', { token: owner.token, body: study });
    const studyId = Number(created.headers.get('location')?.split('/').at(-1));
    const host = await join(api.client, owner, studyId, '방장');
    const guest = await anInvited(api.client, host);
    await join(api.client, guest, studyId, '손님');
    const { token } = await merge(await aClaim(api, 'no-host', guest));
    expect(await hostOf(api.client, { ...host, token })).toBe('방장');
  });

  it('keeps two texts that are longer together than one may be', async () => {
    const owner = await anOwner(api, 'long');
    const guest = await aGuest(api.client);
    const seats = await aSharedLobby(api.client, guest, owner);
    await advance(api.client, seats.guest, 1);
    const [own, other] = ['a', 'b'].map((letter) => letter.repeat(BIGGEST_ANSWER)) as [string, string];
    expectStatus(200, await write(api.client, seats.owner, 'plan', { toDo: own }));
    expectStatus(200, await write(api.client, seats.guest, 'plan', { toDo: other }));
    const { token } = await merge(await aClaim(api, 'long', guest));
    const [first] = await contentsOf({ ...seats.owner, token });
    expect(first?.plan.toDo).toBe(`${own}\n\n${other}`);
  });
});

describe('what the guest alone had', () => {
  it("is the member's: studies, seats, texts, the right to join, the first answers to repeats", async () => {
    const ready = await aMerge(api, 'all');
    const invited = await aLobby(api.client);
    const code = await api.sql<{ code: string }>('SELECT code FROM participant_code WHERE study_id = ?', [
      invited.studyId,
    ]);
    const path = `/api/v2/studies?participantCode=${code[0]?.code ?? ''}`;
    expectStatus(200, await api.client.get(path, { token: ready.guest.token }));
    const keyed = {
      headers: { 'idempotency-key': 'of-the-guest' },
      body: { totalCycle: 1, timePerCycle: 20 },
    };
    const solo = await api.client.post<Seat>('/api/v2/solo-studies', { token: ready.guest.token, ...keyed });
    const { token, memberId } = await merge(ready);
    expect(await studyOf(api.client, { ...ready.alone, token })).toMatchObject({
      studyId: ready.alone.studyId,
    });
    const repeat = await api.client.post<Seat>('/api/v2/solo-studies', { token, ...keyed });
    expect(repeat.body.studyId).toBe(solo.body.studyId);
    await join(api.client, { token, memberId }, invited.studyId);
    expect((await belongingsOf(api, memberId)).studies.map(({ id }) => id)).toEqual([
      ready.shared.guest.studyId,
      ready.alone.studyId,
      solo.body.studyId,
    ]);
  });

  it('leaves a row without anything personal', async () => {
    const { guest, ...ready } = await aMerge(api, 'empty');
    const body = { name: '비밀 이름', nickname: '비밀' };
    expectStatus(200, await api.client.send('PATCH', '/api/v2/me', { token: guest.token, body }));
    const { memberId } = await merge({ guest, ...ready });
    const [row] = await api.sql('SELECT * FROM member WHERE id = ?', [guest.memberId]);
    expect(JSON.stringify(row)).not.toContain('비밀');
    const left = await belongingsOf(api, guest.memberId);
    const { seats, contents, studies, invitations, keys, feeds, funnel, identities } = left;
    const all = [seats, contents, studies, invitations, keys, feeds, funnel, identities];
    expect(all.flat()).toEqual([]);
    expect(left.claims).toEqual([{ choice: 'merge' }]);
    expect((await belongingsOf(api, memberId)).member).toMatchObject([{ nickname: '비밀' }]);
  });

  it('is a feed that goes on under the same address, unless the member has one', async () => {
    const openFeed = async ({ token }: Person) =>
      new URL((await api.client.post<{ url: string }>('/api/v2/me/calendar-feed', { token })).body.url)
        .pathname;
    const statusOf = async (path: string) => (await fetch(`${api.baseUrl}${path}`)).status;
    await anOwner(api, 'feedless');
    const moved = await aClaim(api, 'feedless');
    const going = await openFeed(moved.guest);
    await merge(moved);
    expect(await statusOf(going)).toBe(200);
    const kept = await openFeed(await anOwner(api, 'feeding'));
    const dropped = await aClaim(api, 'feeding');
    const ending = await openFeed(dropped.guest);
    await merge(dropped);
    expect([await statusOf(kept), await statusOf(ending)]).toEqual([200, 404]);
  });

  it('counts once in the funnel, from the day on which either came first', async () => {
    const seat = await aSoloStudy(api.client);
    const [earlier] = await api.sql<{ at: Date }>(
      "SELECT at FROM funnel_event WHERE member_id = ? AND event = 'signed-up'",
      [seat.memberId],
    );
    const owner = await anOwner(api, 'counted');
    await merge(await aClaim(api, 'counted', seat));
    const { funnel } = await belongingsOf(api, owner.memberId);
    expect(funnel).toMatchObject([{ event: 'first-study', entry: 'solo' }, { event: 'signed-up' }]);
    expect(funnel[1]?.at).toEqual(earlier?.at);
  });

  it('is there when one guest after another merges into the same member', async () => {
    const first = await aMerge(api, 'twice');
    await merge(first);
    const second = await aSoloStudy(api.client);
    const { memberId } = await merge(await aClaim(api, 'twice', second));
    expect(memberId).toBe(first.owner.memberId);
    expect((await belongingsOf(api, memberId)).seats.map(({ study_id }) => study_id)).toEqual([
      first.shared.owner.studyId,
      first.alone.studyId,
      second.studyId,
    ]);
  });
});
