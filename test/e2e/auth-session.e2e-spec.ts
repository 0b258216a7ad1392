import { startApi, type TestApi } from '../support/api';
import { entryWith, logIn, logOut, refresh, refreshTokenIn } from '../support/logins';
import { aGuest, refusal } from '../support/people';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

const DELETED = 'refreshToken=; Max-Age=0; Path=/; HttpOnly; Secure; SameSite=Lax';
const STALE = { authorization: 'Bearer c3RhbGU=' };

describe('a logout', () => {
  const path = '/api/v2/auth/logout';

  it('is answered with an empty 200 and deletes the cookie', async () => {
    const { refreshToken } = await logIn(api);
    const { status, body, headers } = await logOut(api, refreshToken);
    expect([status, body]).toEqual([200, '']);
    expect(headers.getSetCookie()).toEqual([DELETED]);
    expect(headers.get('cache-control')).toBe('no-store');
  });

  it('ends the access token at once, and the refresh token by 1402', async () => {
    const { refreshToken, token } = await logIn(api);
    await logOut(api, refreshToken);
    expect(await entryWith(api, token)).toBe(1403);
    expect(refusal(await refresh(api, refreshToken))).toEqual([400, 1402]);
  });

  it('ends the login by any token of it, the newest or one before', async () => {
    const { refreshToken, token } = await logIn(api);
    const newest = refreshTokenIn(await refresh(api, refreshToken)) ?? '';
    await logOut(api, refreshToken);
    expect(await entryWith(api, token)).toBe(1403);
    expect(refusal(await refresh(api, newest))).toEqual([400, 1402]);
  });

  it('leaves the other devices of the member logged in', async () => {
    const phone = await logIn(api);
    const laptop = await logIn(api, phone.memberId);
    await logOut(api, phone.refreshToken);
    expect(await entryWith(api, laptop.token)).toBe(200);
    expect((await refresh(api, laptop.refreshToken)).status).toBe(200);
  });

  it('without a cookie is told so, by 1405, whatever stale header comes along', async () => {
    const asks: Record<string, string>[] = [{}, STALE, { cookie: 'refreshToken=; other=1' }];
    for (const headers of asks) {
      const answer = await api.client.post(path, { headers });
      expect(refusal(answer)).toEqual([400, 1405]);
      expect(answer.headers.getSetCookie()).toEqual([DELETED]);
    }
  });

  it('with a cookie that is none, or twice, is done: nobody is logged in by it', async () => {
    const { refreshToken } = await logIn(api);
    for (const token of ['6f1c', '%00', refreshToken, refreshToken])
      expect((await logOut(api, token)).status).toBe(200);
  });

  it('by a forged token logs nobody out', async () => {
    const { refreshToken, token } = await logIn(api);
    await logOut(api, `${refreshToken.slice(0, -4)}AAAA`);
    expect(await entryWith(api, token)).toBe(200);
  });

  it('of a guest is told that there is no cookie, and the token lives on', async () => {
    const { token } = await aGuest(api.client);
    expect(refusal(await api.client.post(path, { token }))).toEqual([400, 1405]);
    expect(await entryWith(api, token)).toBe(200);
  });
});

describe('a guest login', () => {
  const path = '/api/v2/auth/guest';

  it('on the device of a member logs the member out there, and takes the cookie away', async () => {
    const member = await logIn(api);
    const headers = { cookie: `refreshToken=${member.refreshToken}` };
    const answer = await api.client.post<{ accessToken: string }>(path, { headers });
    expect(answer.status).toBe(200);
    expect(answer.headers.getSetCookie()).toEqual([DELETED]);
    expect(await entryWith(api, member.token)).toBe(1403);
    expect(refusal(await refresh(api, member.refreshToken))).toEqual([400, 1402]);
    const me = await api.client.get('/api/v2/me', { token: answer.body.accessToken });
    expect(me.body).toMatchObject({ loginType: 'guest' });
  });

  it('takes away a cookie that is good for nothing, too', async () => {
    const { headers } = await api.client.post(path, { headers: { cookie: 'refreshToken=6f1c' } });
    expect(headers.getSetCookie()).toEqual([DELETED]);
  });

  it('never gives a cookie, and its answer is not stored', async () => {
    const { headers } = await api.client.post(path);
    expect(headers.getSetCookie()).toEqual([]);
    expect(headers.get('cache-control')).toBe('no-store');
  });
});

it.each(['refresh', 'logout', 'guest'])(
  'POST auth/%s is not stored when its body is refused',
  async (call) => {
    const answer = await api.client.post(`/api/v2/auth/${call}`, { body: '{"broken' });
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([400, 'no-store']);
  },
);
