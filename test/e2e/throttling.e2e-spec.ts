import { startApi, type TestApi } from '../support/api';
import { holdClock } from '../support/held-clock';
import { logIn, refresh, refreshTokenIn } from '../support/logins';
import { aGuest, anOpenStudy, codeOf, enterCode, expectStatus, join, refusal } from '../support/people';
import { ask } from '../support/wire';

let api: TestApi;
beforeAll(async () => {
  api = await startApi({ RATE_LIMITS: 'on' });
});
afterAll(() => api.stop());
afterEach(() => jest.restoreAllMocks());

/** How a request for a new guest was answered that comes over our proxy from this address. */
const guestFrom = async (address: string, on = api) =>
  (await on.client.post('/api/v2/auth/guest', { headers: { 'x-forwarded-for': address } })).status;

/** So many requests for a new guest. @returns how they were answered */
async function guests(count: number, one: (index: number) => Promise<number>): Promise<Set<number>> {
  const statuses = new Set<number>();
  for (let index = 0; index < count; index += 1) statuses.add(await one(index));
  return statuses;
}

const GUESTS = 120;

describe('guests from one address', () => {
  it('are 120 in a minute; the next one is told when to come back, and is let in then', async () => {
    const clock = holdClock(api);
    expect(await guests(GUESTS, () => guestFrom('203.0.113.1'))).toEqual(new Set([200]));
    const headers = { 'x-forwarded-for': '203.0.113.1' };
    const refused = await api.client.post('/api/v2/auth/guest', { headers });
    expect(refused.status).toBe(429);
    expect(refused.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(refused.body).toMatchObject({
      status: 429,
      code: 1429,
      message: '요청이 너무 많습니다. 잠시 후 다시 시도해 주세요.',
    });
    const waitS = Number(refused.headers.get('retry-after'));
    expect(Number.isInteger(waitS) && waitS >= 1 && waitS <= 60).toBe(true);

    clock.pass(waitS - 1);
    expect(await guestFrom('203.0.113.1')).toBe(429);
    clock.pass(1);
    expect(await guestFrom('203.0.113.1')).toBe(200);
  });

  it('do not use up what others may', async () => {
    holdClock(api);
    await guests(GUESTS, () => guestFrom('203.0.113.2'));
    expect([await guestFrom('203.0.113.2'), await guestFrom('203.0.113.3')]).toEqual([429, 200]);
  });

  it('are one class of people, whichever address of their IPv6 network they use', async () => {
    holdClock(api);
    const statuses = await guests(GUESTS, (index) => guestFrom(`2001:db8:1:2:${index}::1`));
    expect(statuses).toEqual(new Set([200]));
    expect(await guestFrom('2001:db8:1:2:ffff:ffff:ffff:ffff')).toBe(429);
    expect(await guestFrom('2001:db8:1:3::1')).toBe(200);
  });

  it('make no member when they are refused, and are counted in the metrics', async () => {
    holdClock(api);
    await guests(GUESTS, () => guestFrom('203.0.113.4'));
    const members = () => api.sql('SELECT id FROM member');
    const refusals = async () => {
      const { text } = await ask(api.baseUrl, '/metrics');
      return Number(/^haru_throttled_requests_total\{limit="guestLogin"\} (\d+)/m.exec(text)?.[1] ?? 0);
    };
    const [membersBefore, refusalsBefore] = [(await members()).length, await refusals()];
    expect(await guests(3, () => guestFrom('203.0.113.4'))).toEqual(new Set([429]));
    expect((await members()).length).toBe(membersBefore);
    expect(await refusals()).toBe(refusalsBefore + 3);
  });
});

describe('a client that makes up its address', () => {
  const directly = (headers: Record<string, string>, on = api) =>
    ask(on.baseUrl, '/api/v2/auth/guest', { method: 'POST', localAddress: '127.0.0.2', headers });
  const made = async (index: number, on = api) =>
    (await directly({ 'x-forwarded-for': `198.51.100.${index}`, forwarded: `for=198.51.100.${index}` }, on))
      .status;

  it('is counted by the one it has, when it is not our proxy', async () => {
    holdClock(api);
    expect(await guests(GUESTS, made)).toEqual(new Set([200]));
    expect([await made(200), (await directly({})).status]).toEqual([429, 429]);
  });

  it('is counted by what our proxy adds, not by what stands before that', async () => {
    holdClock(api);
    const over = (index: number) => guestFrom(`198.51.100.${index}, 127.0.0.1, 203.0.113.9`);
    expect(await guests(GUESTS, over)).toEqual(new Set([200]));
    expect([await over(200), await guestFrom('203.0.113.9')]).toEqual([429, 429]);
  });

  it('gets no budget of its own for each nonsense', async () => {
    holdClock(api);
    const nonsense = ['unknown', '"', 'a', '1.2.3', '[::1]:80', '_x'];
    const over = (index: number) => guestFrom(`${nonsense[index % nonsense.length]}${index}`);
    expect(await guests(GUESTS, over)).toEqual(new Set([200]));
    expect(await over(200)).toBe(429);
  });

  it('is believed when the settings name it as a proxy', async () => {
    const behind = await startApi({ RATE_LIMITS: 'on', TRUSTED_PROXIES: '127.0.0.2/31' });
    const own = (await directly({ 'x-forwarded-for': '203.0.113.1' }, behind)).status;
    expect([own, await guests(GUESTS, (index) => made(index, behind))]).toEqual([200, new Set([200])]);
    expect(await made(200, behind)).toBe(200);
    await behind.stop();
  });
});

describe('logins from one address', () => {
  const from = (address: string) => ({ headers: { 'x-forwarded-for': address } });
  const byCode = (address: string) =>
    api.client.post('/api/v2/auth/login', {
      ...from(address),
      body: { oauthProvider: 'google', code: 'guessed' },
    });
  const byRedirects = (address: string) => api.client.get('/api/v2/auth/oauth/google', from(address));

  it('are 30 tries in a minute, successful or not, by code and by redirects together', async () => {
    const clock = holdClock(api);
    for (let tries = 0; tries < 15; tries += 1) {
      expect((await byCode('192.0.2.1')).status).not.toBe(429);
      expect((await byRedirects('192.0.2.1')).status).not.toBe(429);
    }
    const refused = await byCode('192.0.2.1');
    expect(refusal(refused)).toEqual([429, 1429]);
    expect(refusal(await byRedirects('192.0.2.1'))).toEqual([429, 1429]);
    expect((await byCode('192.0.2.2')).status).not.toBe(429);
    expect(await guestFrom('192.0.2.1')).toBe(200);

    clock.pass(Number(refused.headers.get('retry-after')));
    expect((await byRedirects('192.0.2.1')).status).not.toBe(429);
  });
});

describe('participant codes', () => {
  it('are 30 tries in a minute for a member, right or wrong', async () => {
    const clock = holdClock(api);
    const [host, guesser, other] = [
      await aGuest(api.client),
      await aGuest(api.client),
      await aGuest(api.client),
    ];
    const seat = await join(api.client, host, await anOpenStudy(api.client, host));
    const code = await codeOf(api.client, seat);
    for (let tries = 0; tries < 29; tries += 1)
      expect(refusal(await enterCode(api.client, guesser, 'AAAAAA'))).toEqual([404, 1300]);
    expectStatus(200, await enterCode(api.client, guesser, code));
    const refused = await enterCode(api.client, guesser, code);
    expect(refusal(refused)).toEqual([429, 1429]);
    expectStatus(200, await enterCode(api.client, other, code));

    clock.pass(Number(refused.headers.get('retry-after')));
    expectStatus(200, await enterCode(api.client, guesser, code));
  });

  it('do not limit the list of one’s own studies', async () => {
    const me = await aGuest(api.client);
    for (let lists = 0; lists < 61; lists += 1)
      expectStatus(200, await api.client.get('/api/v2/studies', { token: me.token }));
  });
});

describe('a login on a device', () => {
  it('is refreshed 60 times in a minute; then it must wait, but is not over', async () => {
    const clock = holdClock(api);
    const device = await logIn(api);
    let token = device.refreshToken;
    for (let times = 0; times < 60; times += 1) {
      const answer = expectStatus(200, await refresh(api, token));
      token = refreshTokenIn(answer) ?? '';
    }
    const refused = await refresh(api, token);
    expect(refusal(refused)).toEqual([429, 1429]);
    expect(refused.headers.get('set-cookie')).toBeNull();
    expect(refused.headers.get('cache-control')).toBe('no-store');
    expectStatus(200, await refresh(api, (await logIn(api, device.memberId)).refreshToken));

    clock.pass(Number(refused.headers.get('retry-after')));
    expectStatus(200, await refresh(api, token));
  });

  it('cannot be blocked, nor found out, by one who knows its id but not its token', async () => {
    holdClock(api);
    const { refreshToken } = await logIn(api);
    const forged = refreshToken.replace(/[^.]+$/, 'A'.repeat(43));
    for (let times = 0; times < 61; times += 1)
      expect(refusal(await refresh(api, forged))).toEqual([400, 1402]);
    expectStatus(200, await refresh(api, refreshToken));
  });

  it('that is over is over, and not merely to wait for', async () => {
    holdClock(api);
    const { refreshToken } = await logIn(api);
    await api.sql('DELETE FROM session');
    for (let times = 0; times < 60; times += 1)
      expect(refusal(await refresh(api, refreshToken))).toEqual([400, 1402]);
    expect(refusal(await refresh(api, refreshToken))).toEqual([429, 1429]);
  });
});

describe('an administrator’s account', () => {
  const tryAs = async (account: string, address = '203.0.113.1') => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded', 'x-forwarded-for': address };
    const body = new URLSearchParams({ account, password: 'not the right one' }).toString();
    return (await ask(api.baseUrl, '/api/admin/login', { method: 'POST', headers, body })).status;
  };

  it('can be tried 5 times in a minute from one address, however it is written', async () => {
    holdClock(api);
    for (let tries = 0; tries < 5; tries += 1) expect(await tryAs('r\u00f6\u00f6t')).toBe(401);
    for (const account of ['r\u00f6\u00f6t', 'ro\u0308o\u0308t', 'r\u00f6\u00f6t ', 'r\u00f6\u00f6t   '])
      expect(await tryAs(account)).toBe(429);
    expect([await tryAs('root'), await tryAs('r\u00f6\u00f6t', '203.0.113.2')]).toEqual([401, 401]);
  });
});

it('a server without limits makes as many guests as are asked for', async () => {
  const free = await startApi();
  expect(await guests(GUESTS + 1, () => guestFrom('203.0.113.1', free))).toEqual(new Set([200]));
  await free.stop();
});
