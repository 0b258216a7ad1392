import { startApi, type TestApi } from '../support/api';
import type { Answer, Problem } from '../support/api-client';
import {
  advance,
  aGuest,
  aLobby,
  aNewcomer,
  expectStatus,
  leave,
  next,
  progressOf,
  refusal,
  studyOf,
  UNKNOWN_ID,
  type Seat,
} from '../support/people';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

const WALK = [
  ['waiting', 1],
  ['planning', 1],
  ['studying', 1],
  ['retrospect', 1],
  ['planning', 2],
  ['studying', 2],
  ['retrospect', 2],
  ['done', 2],
] as const;

const placeOf = async (seat: Seat) => [
  await progressOf(api.client, seat),
  (await studyOf(api.client, seat)).currentCycle,
];
const keyed = ({ token, studyId }: Seat, key: string, body?: unknown): Promise<Answer<Problem>> =>
  api.client.post(`/api/v2/studies/${studyId}/next-step`, {
    token,
    body,
    headers: { 'idempotency-key': key },
  });

async function aLobbyAfter(steps: number, totalCycle = 2): Promise<Seat> {
  const host = await aLobby(api.client, { totalCycle });
  await advance(api.client, host, steps);
  return host;
}

describe('the next step', () => {
  it('is answered with 204 and no body', async () => {
    const { status, body, headers } = await next(api.client, await aLobby(api.client));
    expect([status, body, headers.get('content-type')]).toEqual([204, '', null]);
  });

  it('leads through every cycle to the end, the cycle growing after each retrospect but the last', async () => {
    const host = await aLobby(api.client, { totalCycle: 2 });
    for (const place of WALK) {
      expect(await placeOf(host)).toEqual(place);
      await advance(api.client, host, 1);
    }
  });

  it('leads through the longest study', async () => {
    const host = await aLobbyAfter(24, 8);
    expect(await placeOf(host)).toEqual(['retrospect', 8]);
    await advance(api.client, host, 1);
    expect(await placeOf(host)).toEqual(['done', 8]);
  });

  it('changes nothing once the study is over, and is answered the same', async () => {
    const host = await aLobbyAfter(4, 1);
    const before = await studyOf(api.client, host);
    expect((await next(api.client, host)).status).toBe(204);
    expect((await next(api.client, host, { expectedStep: 'done', expectedCycle: 1 })).status).toBe(204);
    expect(await studyOf(api.client, host)).toEqual(before);
  });

  it('does not ask whether everybody has written, nor whether the time is over', async () => {
    const host = await aLobby(api.client, { totalCycle: 1 });
    await aNewcomer(api.client, host);
    await advance(api.client, host, 4);
    expect(await progressOf(api.client, host)).toBe('done');
  });
});

describe('a next step that says what was seen', () => {
  it('is taken in every state in which that is so', async () => {
    const host = await aLobby(api.client, { totalCycle: 2 });
    for (const [expectedStep, expectedCycle] of WALK)
      expectStatus(204, await next(api.client, host, { expectedStep, expectedCycle }));
    expect(await placeOf(host)).toEqual(['done', 2]);
  });

  it.each([{ expectedStep: 'studying' }, { expectedCycle: 1 }, { expectedCycle: '1' }, {}])(
    'may leave out what it does not mind: %j',
    async (seen) => {
      const host = await aLobbyAfter(2);
      expect((await next(api.client, host, seen)).status).toBe(204);
      expect(await placeOf(host)).toEqual(['retrospect', 1]);
    },
  );

  it.each([
    { expectedStep: 'planning', expectedCycle: 1 },
    { expectedStep: 'studying', expectedCycle: 2 },
    { expectedStep: 'done', expectedCycle: 2 },
    { expectedStep: 'waiting' },
    { expectedCycle: 8 },
  ])('is refused with 1309 when it is not so, and told where the study stands: %j', async (seen) => {
    const host = await aLobbyAfter(2);
    const { lastModifiedDate } = await studyOf(api.client, host);
    const answer = await next(api.client, host, seen);
    expect(refusal(answer)).toEqual([409, 1309]);
    expect(answer.body.current).toEqual({ step: 'studying', cycle: 1, stepStartedAt: lastModifiedDate });
    expect(await placeOf(host)).toEqual(['studying', 1]);
  });

  it('is refused with 1309 once the study is over, unless that is what was seen', async () => {
    const host = await aLobbyAfter(4, 1);
    const answer = await next(api.client, host, { expectedStep: 'retrospect', expectedCycle: 1 });
    expect(refusal(answer)).toEqual([409, 1309]);
    expect(answer.body.current).toMatchObject({ step: 'done', cycle: 1 });
  });

  it.each([
    ...['STUDYING', 'inProgress', '', null, 2, true, ['studying']].map((expectedStep) => ({ expectedStep })),
    ...[0, 9, -1, 1.5, '', 'one', null, true, [1]].map((expectedCycle) => ({ expectedCycle })),
  ])('is refused with 1600 when that can never be: %j', async (seen) => {
    const host = await aLobbyAfter(2);
    const answer = await next(api.client, host, seen);
    expect(refusal(answer)).toEqual([400, 1600]);
    expect(answer.body.errors).toMatchObject([{ path: Object.keys(seen)[0] }]);
    expect(await placeOf(host)).toEqual(['studying', 1]);
  });

  it('ignores fields that it does not know', async () => {
    const host = await aLobbyAfter(1);
    expect((await next(api.client, host, { step: 'DONE', expectedstep: 'done' })).status).toBe(204);
    expect(await placeOf(host)).toEqual(['studying', 1]);
  });
});

describe('of several things that forbid the next step, the first is told:', () => {
  const WRONG = { expectedStep: 'done' };

  it('1302, that there is no such study', async () => {
    const host = await aLobby(api.client);
    expect(refusal(await next(api.client, { ...host, studyId: UNKNOWN_ID }, WRONG))).toEqual([404, 1302]);
  });

  it('1201, that the caller is not in it', async () => {
    const [host, elsewhere] = [await aLobby(api.client), await aLobby(api.client)];
    expect(refusal(await next(api.client, { ...host, studyId: elsewhere.studyId }, WRONG))).toEqual([
      404, 1201,
    ]);
    const stranger = await aGuest(api.client);
    expect(refusal(await next(api.client, { ...host, token: stranger.token }))).toEqual([404, 1201]);
    const newcomer = await aNewcomer(api.client, host);
    await leave(api.client, newcomer);
    expect(refusal(await next(api.client, newcomer))).toEqual([404, 1201]);
  });

  it('1205, that the caller is not the host, in every step', async () => {
    const host = await aLobby(api.client, { totalCycle: 1 });
    const newcomer = await aNewcomer(api.client, host);
    for (let step = 0; step <= 4; step += 1) {
      expect(refusal(await next(api.client, newcomer, WRONG))).toEqual([403, 1205]);
      await advance(api.client, host, 1);
    }
    expect((await studyOf(api.client, host)).currentCycle).toBe(1);
  });

  it('1205, that nobody is host', async () => {
    const host = await aLobby(api.client);
    const newcomer = await aNewcomer(api.client, host);
    await leave(api.client, host);
    expect(refusal(await next(api.client, newcomer))).toEqual([403, 1205]);
  });

  it('1309, that the study stands elsewhere', async () => {
    expect(refusal(await next(api.client, await aLobby(api.client), WRONG))).toEqual([409, 1309]);
  });
});

describe('a next step that is repeated with the same Idempotency-Key', () => {
  it('is one step, however often it comes, one after another or at once', async () => {
    const host = await aLobbyAfter(1);
    for (let times = 0; times < 3; times += 1) expectStatus(204, await keyed(host, 'step-1'));
    expect(await placeOf(host)).toEqual(['studying', 1]);
    const answers = await Promise.all(Array.from({ length: 5 }, () => keyed(host, 'step-2')));
    expect(answers.map(({ status }) => status)).toEqual([204, 204, 204, 204, 204]);
    expect(await placeOf(host)).toEqual(['retrospect', 1]);
  });

  it('is refused with 1611 when it says something else, or is for another study', async () => {
    const host = await aLobbyAfter(1);
    expectStatus(204, await keyed(host, 'step-3'));
    expect(refusal(await keyed(host, 'step-3', { expectedStep: 'planning' }))).toEqual([422, 1611]);
    expect(refusal(await keyed({ ...host, studyId: UNKNOWN_ID }, 'step-3'))).toEqual([422, 1611]);
  });

  it("does not meet another member's key", async () => {
    const [one, other] = [await aLobbyAfter(1), await aLobbyAfter(1)];
    for (const host of [one, other]) expectStatus(204, await keyed(host, 'step-4'));
    expect(await placeOf(other)).toEqual(['studying', 1]);
  });

  it('is a new try after a refusal', async () => {
    const host = await aLobbyAfter(1);
    const seen = { expectedStep: 'studying' };
    expect(refusal(await keyed(host, 'step-5', seen))).toEqual([409, 1309]);
    await advance(api.client, host, 1);
    expectStatus(204, await keyed(host, 'step-5', seen));
    expect(await placeOf(host)).toEqual(['retrospect', 1]);
  });
});
