import { Transactor } from '@app/database';
import { startApi, TEST_SECRET, type TestApi } from '../support/api';
import { entryWith, logIn, refresh, refreshTokenIn, type Device } from '../support/logins';
import { aGuest, expectStatus, refusal } from '../support/people';
import { deriveRefreshToken, proveRefreshToken } from '../../apps/api/src/sessions/refresh-token';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());
afterEach(() => jest.restoreAllMocks());

const DELETED = 'refreshToken=; Max-Age=0; Path=/; HttpOnly; Secure; SameSite=Lax';
const PATH = '/api/v2/auth/refresh';

/** The token of another generation, which only the service can make. */
function generationOf({ refreshToken }: Device, generation: number, secret = TEST_SECRET): string {
  const shown = proveRefreshToken(TEST_SECRET, refreshToken);
  if (shown === null) throw new Error('not a token of this service');
  return deriveRefreshToken(secret, { ...shown, generation });
}

describe('a refresh', () => {
  it('answers a new access token for the same member, and nothing else', async () => {
    const device = await logIn(api);
    const { body } = expectStatus(200, await refresh(api, device.refreshToken));
    expect(body).toEqual({ accessToken: expect.any(String) as string });
    const me = await api.client.get('/api/v2/me', { token: body.accessToken });
    expect(me.body).toMatchObject({ memberId: device.memberId });
  });

  it('gives the next token in a cookie with every attribute that guards it, and no domain', async () => {
    const device = await logIn(api);
    const { headers } = await refresh(api, device.refreshToken);
    expect(headers.getSetCookie()).toEqual([
      expect.stringMatching(
        /^refreshToken=[\w-]{22}\.1\.[\w-]{43}; Max-Age=1209600; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
      ),
    ]);
  });

  it('is never stored by anybody, nor is a refusal', async () => {
    const device = await logIn(api);
    for (const token of [device.refreshToken, 'x', ''])
      expect((await refresh(api, token)).headers.get('cache-control')).toBe('no-store');
  });

  it.each(['Bearer c3RhbGU=', 'Bearer', 'Basic Zm9vOmJhcg==', ''])(
    'does not mind the Authorization header %j',
    async (authorization) => {
      const { refreshToken } = await logIn(api);
      const headers = { authorization, cookie: `refreshToken=${refreshToken}` };
      expect((await api.client.post(PATH, { headers })).status).toBe(200);
      expect(refusal(await api.client.post(PATH, { headers: { authorization } }))).toEqual([400, 1405]);
    },
  );

  it('finds its cookie among others', async () => {
    const { refreshToken } = await logIn(api);
    const cookie = `theme=dark; xrefreshToken=1; refreshToken=${refreshToken}; __proto__=1; %=%`;
    expect((await api.client.post(PATH, { headers: { cookie } })).status).toBe(200);
  });

  it('leaves the cookie alone when it fails for a reason that is not the session', async () => {
    const { refreshToken } = await logIn(api);
    const away = Object.assign(new Error('away'), { code: 'ECONNREFUSED' });
    jest.spyOn(api.app.get(Transactor), 'write').mockRejectedValueOnce(away);
    const answer = await refresh(api, refreshToken);
    expect([answer.status, answer.headers.get('set-cookie')]).toEqual([503, null]);
    expect((await refresh(api, refreshToken)).status).toBe(200);
  });
});

describe('without a refresh token', () => {
  it.each([undefined, '', 'other=1', 'refreshToken=', 'refreshToken=; other=1', 'refreshToken', '=', ';;;'])(
    'a refresh is refused with 1405 and the cookie deleted: %j',
    async (cookie) => {
      const answer = await api.client.post(PATH, { headers: cookie === undefined ? {} : { cookie } });
      expect(refusal(answer)).toEqual([400, 1405]);
      expect(answer.headers.getSetCookie()).toEqual([DELETED]);
    },
  );
});

describe('a refresh token that is none', () => {
  it.each<[string, (device: Device) => string | Promise<string>]>([
    ['of the old service', () => '6f1c9a52-7d1f-4f4e-9f52-0f8f5f1d2c3b'],
    ['that is nonsense', () => 'not-a-token'],
    ['that is badly encoded', () => '%00%ff%'],
    ['that is not ASCII', () => '\u00e9\u00ff'],
    ['that is long', () => 'x'.repeat(8_000)],
    ['in quotes', ({ refreshToken }) => `"${refreshToken}"`],
    ['of a login that nobody has', () => anyToken(Buffer.alloc(16, 7))],
    ['that is longer than it was', ({ refreshToken }) => `${refreshToken}x`],
    ['that is shorter than it was', ({ refreshToken }) => refreshToken.slice(0, -1)],
    ['with a changed end', ({ refreshToken }) => `${refreshToken.slice(0, -8)}AAAAAAAA`],
    ['with another generation', ({ refreshToken }) => refreshToken.replace('.0.', '.1.')],
    ['with its generation spelled otherwise', ({ refreshToken }) => refreshToken.replace('.0.', '.00.')],
    ['made with another secret', (device) => generationOf(device, 0, 'another-secret-0123456789abcdefghij')],
    ['that is an access token', ({ token }) => token],
    ["that is a guest's access token", async () => (await aGuest(api.client)).token],
  ])(
    '%s is refused with 1402, the cookie deleted, and the login of its owner lives on',
    async (_name, make) => {
      const device = await logIn(api);
      const answer = await refresh(api, await make(device));
      expect(refusal(answer)).toEqual([400, 1402]);
      expect(answer.body).toMatchObject({ message: '만료된 갱신 토큰입니다.' });
      expect(answer.headers.getSetCookie()).toEqual([DELETED]);
      expect((await refresh(api, device.refreshToken)).status).toBe(200);
    },
  );

  it('is no access token', async () => {
    const { refreshToken } = await logIn(api);
    expect(await entryWith(api, refreshToken)).toBe(1403);
  });
});

const anyToken = (sessionId: Buffer) => deriveRefreshToken(TEST_SECRET, { sessionId, generation: 0 });

describe('two devices of one member', () => {
  it('are refreshed and end independently', async () => {
    const phone = await logIn(api);
    const laptop = await logIn(api, phone.memberId);
    const next = refreshTokenIn(await refresh(api, phone.refreshToken)) ?? '';
    expect((await refresh(api, laptop.refreshToken)).status).toBe(200);
    expect((await refresh(api, next)).status).toBe(200);
  });
});

describe('what is stored and logged', () => {
  it('is the hash of a token, never the token', async () => {
    const { refreshToken } = await logIn(api);
    const newest = refreshTokenIn(await refresh(api, refreshToken)) ?? '';
    const rows = await api.sql<{ token: string; hash: string }>(
      'SELECT CAST(token_hash AS CHAR) AS token, HEX(token_hash) AS hash FROM session',
    );
    const [, , mac = ''] = newest.split('.');
    expect(rows.length).toBeGreaterThan(0);
    expect(JSON.stringify(rows)).not.toContain(mac);
    expect(JSON.stringify(rows)).not.toContain(Buffer.from(mac, 'base64url').toString('hex').toUpperCase());
  });

  it('names neither cookie nor token in any line', async () => {
    const { refreshToken, token } = await logIn(api);
    const first = await refresh(api, refreshToken);
    await refresh(api, 'C00kie');
    await api.client.post('/api/v2/auth/logout', { headers: { cookie: `refreshToken=${refreshToken}` } });
    await entryWith(api, token);
    const told = JSON.stringify(api.logs);
    const secrets = [refreshToken, token, first.body.accessToken, refreshTokenIn(first) ?? '', 'C00kie'];
    const parts = secrets.map((secret) => secret.split('.').at(-1) ?? '');
    expect(parts.filter((part) => part === '' || told.includes(part))).toEqual([]);
    expect(told).toContain('/api/v2/auth/refresh');
  });
});
