import { startApi, type TestApi } from '../support/api';
import { holdClock, type HeldClock } from '../support/held-clock';
import { entryWith, logIn, logOut, refresh, refreshTokenIn, type Device } from '../support/logins';
import { expectStatus, refusal } from '../support/people';

const DAY_S = 24 * 60 * 60;
const IDLE_S = 14 * DAY_S;
const ABSOLUTE_S = 90 * DAY_S;

let api: TestApi;
let clock: HeldClock;
beforeAll(async () => {
  api = await startApi();
});
beforeEach(() => {
  clock = holdClock(api);
});
afterEach(() => jest.restoreAllMocks());
afterAll(() => api.stop());

/** Refreshes as it must succeed. @returns the next refresh token and the access token */
async function renew(refreshToken: string): Promise<Pick<Device, 'token' | 'refreshToken'>> {
  const answer = expectStatus(200, await refresh(api, refreshToken));
  return { token: answer.body.accessToken, refreshToken: refreshTokenIn(answer) ?? '' };
}

const codeOf = async (refreshToken: string) => refusal(await refresh(api, refreshToken))[1];
const maxAgeOf = async (refreshToken: string) =>
  Number(/Max-Age=(\d+)/.exec((await refresh(api, refreshToken)).headers.get('set-cookie') ?? '')?.[1]);
/** When an access token ends, in s since the epoch. */
function endOf(accessToken: string): unknown {
  const [, claims = ''] = accessToken.split('.');
  return (JSON.parse(Buffer.from(claims, 'base64url').toString()) as { exp?: number }).exp;
}

const loginsOf = ({ memberId }: Device) =>
  api.sql('SELECT generation, last_used_at, expires_at FROM session WHERE member_id = ?', [memberId]);

describe('a refresh token that was used', () => {
  it('gets the same successor for 10 seconds from its first use, to the millisecond', async () => {
    const first = await logIn(api);
    const second = await renew(first.refreshToken);
    clock.pass(9.999);
    expect((await renew(first.refreshToken)).refreshToken).toBe(second.refreshToken);
    clock.pass(0.001);
    expect((await renew(first.refreshToken)).refreshToken).toBe(second.refreshToken);
    clock.pass(0.001);
    expect(await codeOf(first.refreshToken)).toBe(1402);
  });

  it('ends the whole login when it comes back later: every token of it is dead, access tokens at once', async () => {
    const first = await logIn(api);
    const second = await renew(first.refreshToken);
    const third = await renew(second.refreshToken);
    clock.pass(10.001);
    expect(await entryWith(api, third.token)).toBe(200);
    expect(await codeOf(first.refreshToken)).toBe(1402);
    for (const { refreshToken, token } of [first, second, third]) {
      expect(await codeOf(refreshToken)).toBe(1402);
      expect(await entryWith(api, token)).toBe(1403);
    }
    expect(await loginsOf(first)).toEqual([]);
  });

  it('ends no other login of the member', async () => {
    const thief = await logIn(api);
    const other = await logIn(api, thief.memberId);
    await renew(thief.refreshToken);
    clock.pass(10.001);
    expect(await codeOf(thief.refreshToken)).toBe(1402);
    expect(await entryWith(api, other.token)).toBe(200);
    expect((await refresh(api, other.refreshToken)).status).toBe(200);
  });

  it('prolongs nothing by being repeated, neither the login nor its own ten seconds', async () => {
    const first = await logIn(api);
    await renew(first.refreshToken);
    const before = await loginsOf(first);
    clock.pass(9);
    expect(await maxAgeOf(first.refreshToken)).toBe(IDLE_S - 9);
    expect(await loginsOf(first)).toEqual(before);
    clock.pass(1.001);
    expect(await codeOf(first.refreshToken)).toBe(1402);
  });

  it('gets the newest token when its successor was used, too: a late answer never takes a browser back', async () => {
    const first = await logIn(api);
    const second = await renew(first.refreshToken);
    const third = await renew(second.refreshToken);
    expect((await renew(first.refreshToken)).refreshToken).toBe(third.refreshToken);
    clock.pass(15 * 60);
    expect((await refresh(api, third.refreshToken)).status).toBe(200);
  });

  it('is still known for a thief after many others, and its row is forgotten meanwhile', async () => {
    const first = await logIn(api);
    let newest: Pick<Device, 'token' | 'refreshToken'> = first;
    for (let use = 0; use < 5; use += 1) {
      clock.pass(900);
      newest = await renew(newest.refreshToken);
    }
    const [id = ''] = first.refreshToken.split('.');
    const notes = await api.sql('SELECT generation FROM session_rotation WHERE session_id = ?', [
      Buffer.from(id, 'base64url'),
    ]);
    expect(notes).toEqual([{ generation: 4 }]);
    expect(await codeOf(first.refreshToken)).toBe(1402);
    expect(await codeOf(newest.refreshToken)).toBe(1402);
  });
});

describe('a browser', () => {
  it('whose answer was lost asks again and goes on', async () => {
    const { refreshToken } = await logIn(api);
    await refresh(api, refreshToken);
    clock.pass(3);
    const again = await renew(refreshToken);
    clock.pass(900);
    expect((await refresh(api, again.refreshToken)).status).toBe(200);
  });

  it('with three tabs that all ask at once stays logged in in each, time after time', async () => {
    let { refreshToken } = await logIn(api);
    for (let round = 0; round < 5; round += 1) {
      const tabs = await Promise.all([renew(refreshToken), renew(refreshToken), renew(refreshToken)]);
      for (const { token } of tabs) expect(await entryWith(api, token)).toBe(200);
      refreshToken = tabs[2].refreshToken;
      clock.pass(900);
    }
  });
});

describe('a login', () => {
  it('that is not used ends after 14 days, to the millisecond', async () => {
    const [used, unused] = [await logIn(api), await logIn(api)];
    clock.pass(IDLE_S - 0.001);
    expect((await refresh(api, used.refreshToken)).status).toBe(200);
    clock.pass(0.001);
    expect(await codeOf(unused.refreshToken)).toBe(1402);
  });

  it('lives on by being used, but for 90 days at most; its last tokens end with it', async () => {
    const openedMs = clock.nowMs;
    let { refreshToken } = await logIn(api);
    for (let day = 10; day < 90; day += 10) {
      clock.pass(10 * DAY_S);
      ({ refreshToken } = await renew(refreshToken));
    }
    clock.pass(10 * DAY_S - 60);
    const last = expectStatus(200, await refresh(api, refreshToken));
    expect(last.headers.get('set-cookie')).toContain('; Max-Age=60;');
    expect(endOf(last.body.accessToken)).toBe(Math.floor((openedMs + ABSOLUTE_S * 1_000) / 1_000));
    expect(await entryWith(api, last.body.accessToken)).toBe(200);
    clock.pass(60);
    expect(await entryWith(api, last.body.accessToken)).toBe(1403);
    expect(await codeOf(refreshTokenIn(last) ?? '')).toBe(1402);
  });

  it('gives access tokens for a quarter of an hour, and the next one when that is over', async () => {
    const device = await logIn(api);
    clock.pass(898);
    expect(await entryWith(api, device.token)).toBe(200);
    clock.pass(2);
    expect(await entryWith(api, device.token)).toBe(1403);
    expect(await entryWith(api, (await renew(device.refreshToken)).token)).toBe(200);
  });

  it('is dead for good once logged out, with every token that it ever had', async () => {
    const first = await logIn(api);
    const second = await renew(first.refreshToken);
    expect((await logOut(api, first.refreshToken)).status).toBe(200);
    for (const { refreshToken, token } of [first, second]) {
      expect(await codeOf(refreshToken)).toBe(1402);
      expect(await entryWith(api, token)).toBe(1403);
    }
  });
});
