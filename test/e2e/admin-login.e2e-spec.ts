import { ADMIN, anAdmin, anAdminAccount, cookieOf, tryToLogIn } from '../support/admins';
import { startApi, type TestApi } from '../support/api';
import { holdClock } from '../support/held-clock';
import { aGuest, refusal } from '../support/people';
import { ask } from '../support/wire';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
  await anAdminAccount(api);
});
afterAll(() => api.stop());

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const ATTRIBUTES = 'Path=/; HttpOnly; Secure; SameSite=Lax';
const AN_HOUR_MS = 3_600_000;

const login = (fields?: Record<string, string>, headers?: Record<string, string>) =>
  tryToLogIn(api, fields, headers);
const read = (cookie: string) => api.client.get('/api/admin/members', { headers: { cookie } });
const post = (path: string, body: string, headers: Record<string, string> = FORM) =>
  api.client.post(path, { body, headers });
const sessions = () => api.sql('SELECT * FROM admin_session');

describe('the login of an administrator', () => {
  it('answers an empty 200 with a session in a cookie that no script can read', async () => {
    const answer = await login();
    expect([answer.status, answer.body]).toEqual([200, '']);
    expect(answer.headers.getSetCookie()).toEqual([
      expect.stringMatching(new RegExp(`^JSESSIONID=[\\w-]{43}; ${ATTRIBUTES}$`)),
    ]);
    expect((await read(cookieOf(answer))).status).toBe(200);
  });

  it('takes the same as JSON', async () => {
    const answer = await api.client.post('/api/admin/login', { body: ADMIN });
    expect([answer.status, (await read(cookieOf(answer))).status]).toEqual([200, 200]);
  });

  it.each([
    ['a wrong password', { ...ADMIN, password: 'correct horse batterx' }],
    ['another case', { ...ADMIN, password: 'Correct horse battery' }],
    ['a password with a blank more', { ...ADMIN, password: `${ADMIN.password} ` }],
    ['an unknown account', { ...ADMIN, account: '운영' }],
    ['an account in SQL', { ...ADMIN, account: "' OR 1=1 -- " }],
  ])('refuses %s by 401 and 1501, without a cookie', async (_, fields) => {
    const answer = await login(fields);
    expect(refusal(answer)).toEqual([401, 1501]);
    expect(answer.headers.getSetCookie()).toEqual([]);
  });

  it('does not tell an unknown account from a wrong password', async () => {
    const unknown = await login({ ...ADMIN, account: 'x' });
    const wrong = await login({ ...ADMIN, password: 'x' });
    expect(unknown.body).toEqual(wrong.body);
    expect([...unknown.headers.keys()]).toEqual([...wrong.headers.keys()]);
  });

  it('knows an account and a password in either form of the same text', async () => {
    const credentials = { account: '관리자 é', password: 'é한글 비밀번호입니다만 맞아요' };
    await anAdminAccount(api, credentials);
    for (const form of ['NFC', 'NFD']) {
      const fields = Object.entries(credentials).map(([name, value]) => [name, value.normalize(form)]);
      expect((await login(Object.fromEntries(fields) as Record<string, string>)).status).toBe(200);
    }
  });

  it('knows the longest account and the longest password there can be', async () => {
    const credentials = { account: '🍣'.repeat(50), password: 'a'.repeat(1_000) };
    await anAdminAccount(api, credentials);
    expect((await login(credentials)).status).toBe(200);
    expect(refusal(await login({ account: 'a'.repeat(200), password: 'x' }))).toEqual([401, 1501]);
  });

  it.each([
    ['nothing', ''],
    ['no password', 'account=a'],
    ['no account', 'password=b'],
    ['an empty account', 'account=&password=b'],
    ['an account twice', 'account=a&account=b&password=c'],
    ['a password twice', 'account=a&password=c&password=c'],
    ['an account that is too long', `account=${'a'.repeat(201)}&password=c`],
    ['a password that is too long', `account=a&password=${'a'.repeat(1_001)}`],
    ['a name of every object', '__proto__=a&account=a&password=c'],
    ['what is no form', '%%%&&&=='],
  ])('refuses %s by 400 and 1600', async (_, body) => {
    expect(refusal(await post('/api/admin/login', body))).toEqual([400, 1600]);
  });

  it('refuses what is too large, of another type, or broken, in the shape of all errors', async () => {
    expect(refusal(await post('/api/admin/login', `account=${'a'.repeat(1_048_577)}`))).toEqual([413, 1604]);
    const text = { 'content-type': 'text/plain' };
    expect(refusal(await post('/api/admin/login', 'account=a', text))).toEqual([415, 1605]);
    const json = { 'content-type': 'application/json' };
    expect(refusal(await post('/api/admin/login', 'account=a', json))).toEqual([400, 1601]);
    expect(refusal(await post('/api/admin/login', '["a"]', json))).toEqual([400, 1600]);
  });

  it('takes a form here, and nowhere else', async () => {
    for (const path of ['/api/admin/logout', '/api/v2/auth/guest'])
      expect(refusal(await post(path, 'account=a'))).toEqual([415, 1605]);
    expect((await post('/api/v2/auth/guest', '')).status).toBe(200);
  });

  it("is refused to another site's page", async () => {
    for (const path of ['/api/admin/login', '/api/admin/logout']) {
      const answer = await post(path, '', { ...FORM, 'sec-fetch-site': 'cross-site' });
      expect(refusal(answer)).toEqual([403, 1500]);
    }
    for (const site of ['same-origin', 'same-site', 'none'])
      expect((await login(undefined, { 'sec-fetch-site': site })).status).toBe(200);
  });
});

describe('the session of an administrator', () => {
  it('is stored as a hash alone', async () => {
    const cookie = cookieOf(await login());
    const token = cookie.slice('JSESSIONID='.length);
    expect(JSON.stringify(await sessions())).not.toContain(token);
    expect(JSON.stringify(api.logs)).not.toContain(token);
    expect(JSON.stringify(api.logs)).not.toContain(ADMIN.password);
  });

  it('is another one after each login, and the one that came along is over', async () => {
    const first = cookieOf(await login());
    const second = cookieOf(await login(undefined, { cookie: first }));
    expect(second).not.toBe(first);
    expect(refusal(await read(first))).toEqual([403, 1500]);
    expect((await read(second)).status).toBe(200);
  });

  it('that came along stays when the login is refused', async () => {
    const cookie = cookieOf(await login());
    await login({ ...ADMIN, password: 'wrong' }, { cookie });
    expect((await read(cookie)).status).toBe(200);
  });

  it('lives for an hour and not a moment longer, however often it is used', async () => {
    const cookie = cookieOf(await login());
    const [row] = await api.sql<{ left: number }>(
      'SELECT TIMESTAMPDIFF(MICROSECOND, UTC_TIMESTAMP(3), MAX(expires_at)) / 1000 AS `left` FROM admin_session',
    );
    expect(Number(row?.left)).toBeGreaterThan(AN_HOUR_MS - 10_000);
    expect(Number(row?.left)).toBeLessThanOrEqual(AN_HOUR_MS);
    await api.sql('UPDATE admin_session SET expires_at = UTC_TIMESTAMP(3) + INTERVAL 5 SECOND');
    expect((await read(cookie)).status).toBe(200);
    await api.sql('UPDATE admin_session SET expires_at = UTC_TIMESTAMP(3)');
    expect(refusal(await read(cookie))).toEqual([403, 1500]);
  });

  it('is shared by all instances', async () => {
    const cookie = cookieOf(await login());
    const other = await startApi({ DATABASE_URL: api.database.url });
    expect((await other.client.get('/api/admin/members', { headers: { cookie } })).status).toBe(200);
    await other.stop();
  });

  it('ends at the logout, which deletes the cookie and does not mind a second time', async () => {
    const cookie = cookieOf(await login());
    for (let times = 0; times < 2; times += 1) {
      const answer = await api.client.post('/api/admin/logout', { headers: { cookie } });
      expect([answer.status, answer.body]).toEqual([204, '']);
      expect(answer.headers.getSetCookie()).toEqual([`JSESSIONID=; Max-Age=0; ${ATTRIBUTES}`]);
    }
    expect(refusal(await read(cookie))).toEqual([403, 1500]);
  });

  it.each([
    ['none', ''],
    ['another', 'other=1'],
    ['an empty', 'JSESSIONID='],
    ["the original's", 'JSESSIONID=6f1c9a52-7d1f-4f4e-9f52-0f8f5f1d2c3b'],
    ['an unknown', `JSESSIONID=${'a'.repeat(43)}`],
    ['a long', `JSESSIONID=${'a'.repeat(5_000)}`],
    ['a strange', 'JSESSIONID=%00%ff'],
  ])('is none with %s cookie: 403 and 1500, never a 500', async (_, cookie) => {
    expect(refusal(await read(cookie))).toEqual([403, 1500]);
  });

  it("is not opened by a member's token, and opens nothing of a member's", async () => {
    const { token } = await aGuest(api.client);
    expect(refusal(await api.client.get('/api/admin/members', { token }))).toEqual([403, 1500]);
    const cookie = cookieOf(await login());
    expect(refusal(await api.client.get('/api/v2/me', { headers: { cookie } }))).toEqual([400, 1404]);
  });

  it('is asked for by every route of administrators', async () => {
    const routes = api.document.operations().filter(({ path }) => path.startsWith('/api/admin/'));
    const guarded = routes.filter(({ operation }) => operation.security !== undefined);
    expect(guarded.length).toBeGreaterThanOrEqual(10);
    expect(
      routes
        .filter((one) => !guarded.includes(one))
        .map(({ path }) => path)
        .sort(),
    ).toEqual(['/api/admin/login', '/api/admin/logout']);
    for (const { method, path } of guarded) {
      const answer = await api.client.send(method.toUpperCase(), path.replace(/\{\w+\}/g, 'x'), {});
      expect([path, ...refusal(answer)]).toEqual([path, 403, 1500]);
      const { status } = await ask(api.baseUrl, path, { method: 'HEAD' });
      expect([path, status]).toEqual([path, 403]);
    }
  });
});

describe('a limit of five logins a minute', () => {
  it('holds for an account and an address, right passwords included', async () => {
    const limited = await startApi({ RATE_LIMITS: 'on' });
    holdClock(limited);
    await anAdmin(limited);
    const statuses: number[] = [];
    for (let times = 0; times < 5; times += 1)
      statuses.push((await tryToLogIn(limited, { ...ADMIN, password: `wrong ${times}` })).status);
    expect(statuses).toEqual([401, 401, 401, 401, 429]);
    const refused = await tryToLogIn(limited);
    expect(refusal(refused)).toEqual([429, 1429]);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await tryToLogIn(limited, { ...ADMIN, account: 'another' })).status).toBe(401);
    const elsewhere = { 'x-forwarded-for': '203.0.113.7' };
    expect((await tryToLogIn(limited, ADMIN, elsewhere)).status).toBe(200);
    jest.restoreAllMocks();
    await limited.stop();
  });

  it('is followed by one of thirty for an address, whatever the accounts', async () => {
    const limited = await startApi({ RATE_LIMITS: 'on' });
    holdClock(limited);
    await anAdminAccount(limited);
    for (let times = 0; times < 30; times += 1) {
      const answer = await tryToLogIn(limited, { account: `nobody ${times}`, password: 'x' });
      expect(refusal(answer)).toEqual([401, 1501]);
    }
    expect(refusal(await tryToLogIn(limited))).toEqual([429, 1429]);
    const elsewhere = { 'x-forwarded-for': '203.0.113.7' };
    expect((await tryToLogIn(limited, ADMIN, elsewhere)).status).toBe(200);
    jest.restoreAllMocks();
    await limited.stop();
  });
});
