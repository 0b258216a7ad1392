import { ADMIN, anAdmin, type Admin } from '../support/admins';
import { startApi, type TestApi } from '../support/api';
import { holdClock, type HeldClock } from '../support/held-clock';
import {
  advance,
  aGuest,
  aLobby,
  aNewcomer,
  aSoloStudy,
  enterCode,
  codeOf,
  expectStatus,
  join,
  anOpenStudy,
  leave,
  refusal,
  tryToJoin,
  type Person,
} from '../support/people';
import { ask } from '../support/wire';

interface Counts {
  readonly signedUp: number;
  readonly firstStudy: Readonly<{ solo: number; group: number }>;
  readonly firstFinishedCycle: Readonly<{ solo: number; group: number }>;
}
interface View {
  readonly days: readonly (Counts & { readonly day: string })[];
  readonly totals: Counts;
}

/** A day in Seoul that lies in the future, each test on one of its own, so that nothing else falls on it. */
const DAY_MS = 86_400_000;
let daysAhead = 0;
let clock: HeldClock;
let today: string;

let api: TestApi;
let admin: Admin;
beforeAll(async () => {
  api = await startApi({ GUEST_TOKEN_TTL_S: '31536000' });
});
afterAll(() => api.stop());
beforeEach(async () => {
  clock = holdClock(api);
  clock.pass((daysAhead += 1) * (DAY_MS / 1_000));
  today = seoulDay(clock.nowMs);
  admin = await anAdmin(api, { ...ADMIN, account: `admin ${daysAhead}` });
});
afterEach(() => jest.restoreAllMocks());

const seoulDay = (ms: number) => new Date(ms + 9 * 3_600_000).toISOString().slice(0, 10);

async function view(from = today, to = from): Promise<View> {
  return expectStatus(200, await admin.get<View>(`/api/admin/funnel?from=${from}&to=${to}`)).body;
}

/** Sign-ups, first studies and first cycles, solo before group, of the test's own day. */
async function counts(): Promise<number[]> {
  const { signedUp, firstStudy, firstFinishedCycle } = (await view()).totals;
  return [signedUp, firstStudy.solo, firstStudy.group, firstFinishedCycle.solo, firstFinishedCycle.group];
}

async function metrics(): Promise<number[]> {
  const { text } = await ask(api.baseUrl, '/metrics');
  const value = (sample: string) => Number(new RegExp(`^${sample} (\\d+)$`, 'm').exec(text)?.[1] ?? 0);
  return [
    value('haru_members_signed_up_total'),
    ...['haru_first_studies_total', 'haru_first_finished_cycles_total'].flatMap((name) =>
      ['solo', 'group'].map((entry) => value(`${name}\\{entry="${entry}"\\}`)),
    ),
  ];
}

describe('the funnel', () => {
  it('counts one who goes all the way alone, once each', async () => {
    const me = await aSoloStudy(api.client, { totalCycle: 2 });
    expect(await counts()).toEqual([1, 1, 0, 0, 0]);
    await advance(api.client, me, 2);
    expect(await counts()).toEqual([1, 1, 0, 0, 0]);
    await advance(api.client, me, 1);
    expect(await counts()).toEqual([1, 1, 0, 1, 0]);
    await advance(api.client, me, 3);
    expect(await counts()).toEqual([1, 1, 0, 1, 0]);
  });

  it('counts the end of a study of one cycle as the end of its first cycle', async () => {
    await advance(api.client, await aSoloStudy(api.client, { totalCycle: 1 }), 3);
    expect(await counts()).toEqual([1, 1, 0, 1, 0]);
  });

  it('counts everybody who is in when a group begins, and who is left at the end of its first cycle', async () => {
    const host = await aLobby(api.client);
    const [luna, sol] = [await aNewcomer(api.client, host, '루나'), await aNewcomer(api.client, host, '솔')];
    await leave(api.client, sol);
    expect(await counts()).toEqual([3, 0, 0, 0, 0]);
    await advance(api.client, host, 1);
    expect(await counts()).toEqual([3, 0, 2, 0, 0]);
    await leave(api.client, luna);
    await advance(api.client, host, 3);
    expect(await counts()).toEqual([3, 0, 2, 0, 1]);
  });

  it('calls it solo when one waits in vain for others, or uses the old way to study alone', async () => {
    const host = await aLobby(api.client);
    await advance(api.client, host, 4);
    expect(await counts()).toEqual([1, 1, 0, 1, 0]);
  });

  it('tells a study that the release before this one began by who is in it when its cycle ends', async () => {
    const host = await aLobby(api.client);
    await aNewcomer(api.client, host);
    const solo = await aSoloStudy(api.client);
    await advance(api.client, host, 1);
    await api.sql('UPDATE study SET entry = NULL WHERE id IN (?)', [[host.studyId, solo.studyId]]);
    await advance(api.client, host, 3);
    await advance(api.client, solo, 3);
    expect(await counts()).toEqual([3, 1, 2, 1, 2]);
  });

  it('counts members once, whatever they do afterwards', async () => {
    const host = await aLobby(api.client);
    const luna = await aNewcomer(api.client, host);
    await advance(api.client, host, 4);
    for (const person of [host, luna]) await anotherSoloStudy(person);
    const studyId = await anOpenStudy(api.client, host);
    const again = await join(api.client, host, studyId, '방장');
    expectStatus(200, await enterCode(api.client, luna, await codeOf(api.client, again)));
    expectStatus(201, await tryToJoin(api.client, luna, studyId));
    await advance(api.client, again, 4);
    expect(await counts()).toEqual([2, 0, 2, 0, 2]);
  });

  it('does not take it for a finished cycle when everybody leaves', async () => {
    const me = await aSoloStudy(api.client, { totalCycle: 1 });
    await advance(api.client, me, 2);
    await leave(api.client, me);
    expect(await counts()).toEqual([1, 1, 0, 0, 0]);
  });

  it('keeps counting those who have left the service, or were removed from it', async () => {
    const gone = await aSoloStudy(api.client);
    const body = { reason: '바빠서' };
    expectStatus(204, await api.client.post('/api/v2/unregister', { token: gone.token, body }));
    const { memberId } = await aGuest(api.client);
    await api.sql('DELETE FROM member WHERE id = ?', [memberId]);
    expect(await counts()).toEqual([2, 1, 0, 0, 0]);
  });

  it('counts a request that is repeated under its key once', async () => {
    const { token } = await aGuest(api.client);
    const ask = { token, body: { totalCycle: 1, timePerCycle: 20 }, headers: { 'idempotency-key': 'once' } };
    for (let times = 0; times < 3; times += 1) await api.client.post('/api/v2/solo-studies', ask);
    expect(await counts()).toEqual([1, 1, 0, 0, 0]);
  });

  it('tells the same numbers as metrics', async () => {
    const before = await metrics();
    await advance(api.client, await aSoloStudy(api.client), 4);
    const host = await aLobby(api.client);
    await aNewcomer(api.client, host);
    await advance(api.client, host, 4);
    await advance(api.client, await aSoloStudy(api.client), 1);
    const counted = await counts();
    expect(counted).toEqual([4, 2, 2, 1, 2]);
    expect((await metrics()).map((value, index) => value - (before[index] ?? 0))).toEqual(counted);
  });
});

describe('a day of the funnel', () => {
  it('begins and ends at midnight in Seoul, to the millisecond', async () => {
    const start = Date.parse(`${today}T00:00:00+09:00`);
    for (const ms of [-1, 0, DAY_MS - 1, DAY_MS]) {
      clock.pass((start + ms - clock.nowMs) / 1_000);
      await aGuest(api.client);
    }
    admin = await anAdmin(api, { ...ADMIN, account: 'another day' });
    const [yesterday, tomorrow] = [seoulDay(start - DAY_MS), seoulDay(start + DAY_MS)];
    const { days, totals } = await view(yesterday, tomorrow);
    expect(days.map(({ day: name, signedUp }) => [name, signedUp])).toEqual([
      [yesterday, expect.any(Number)],
      [today, 2],
      [tomorrow, 1],
    ]);
    expect(totals.signedUp).toBe(days.reduce((sum, { signedUp }) => sum + signedUp, 0));
  });

  it('without anything to tell has zeros', async () => {
    const nothing = { solo: 0, group: 0 };
    const none = { signedUp: 0, firstStudy: nothing, firstFinishedCycle: nothing };
    expect(await view('2020-02-28', '2020-03-01')).toEqual({
      days: ['2020-02-28', '2020-02-29', '2020-03-01'].map((day) => ({ day, ...none })),
      totals: none,
    });
  });
});

describe('the span of the funnel', () => {
  it('is one day at least and 366 at most', async () => {
    expect((await view('2020-01-01', '2020-01-01')).days).toHaveLength(1);
    expect((await view('2020-01-01', '2020-12-31')).days).toHaveLength(366);
    expect((await view('1000-01-01', '1000-01-01')).days).toHaveLength(1);
    expect((await view('9999-12-31', '9999-12-31')).days).toHaveLength(1);
  });

  it.each([
    '',
    'from=2020-01-01',
    'to=2020-01-01',
    'from=2020-01-02&to=2020-01-01',
    'from=2020-01-01&to=2021-01-01',
    'from=2021-02-29&to=2021-03-01',
    'from=2021-2-1&to=2021-03-01',
    'from=2021-02-01T00:00:00Z&to=2021-03-01',
    'from=x&to=2021-03-01',
    'from=2020-01-01&from=2020-01-01&to=2020-01-01',
    'from=2020-01-01&to=2020-01-01&by=month',
  ])('is refused as %j', async (query) => {
    expect(refusal(await admin.get(`/api/admin/funnel?${query}`))).toEqual([400, 1600]);
  });
});

async function anotherSoloStudy({ token }: Person): Promise<void> {
  const body = { totalCycle: 1, timePerCycle: 20 };
  expectStatus(201, await api.client.post('/api/v2/solo-studies', { token, body }));
}
