import { startApi, type TestApi } from '../support/api';
import { aGuest, refusal } from '../support/people';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

const DELETED = 'refreshToken=; Max-Age=0; Path=/; HttpOnly; Secure; SameSite=Lax';
const STALE = { authorization: 'Bearer c3RhbGU=' };

describe.each(['refresh', 'logout'])('POST auth/%s', (call) => {
  const path = `/api/v2/auth/${call}`;

  it('tells one without a cookie so, by 1405, whatever stale header comes along', async () => {
    expect(refusal(await api.client.post(path))).toEqual([400, 1405]);
    expect(refusal(await api.client.post(path, { headers: STALE }))).toEqual([400, 1405]);
    expect(refusal(await api.client.post(path, { headers: { cookie: 'refreshToken=; other=1' } }))).toEqual([
      400, 1405,
    ]);
  });

  it('deletes the cookie', async () => {
    for (const cookie of ['other=1', 'refreshToken=6f1c; other=1']) {
      const { headers } = await api.client.post(path, { headers: { cookie } });
      expect(headers.get('set-cookie')).toBe(DELETED);
    }
  });
});

it('a refresh with a token of no living session ends by 1402, never by 1401, 1403, 1404 or an empty 500', async () => {
  for (const token of ['6f1c9a52-7d1f-4f4e-9f52-0f8f5f1d2c3b', 'not-a-uuid', '%00', 'x'.repeat(2_000)]) {
    const headers = { cookie: `refreshToken=${token}` };
    expect(refusal(await api.client.post('/api/v2/auth/refresh', { headers }))).toEqual([400, 1402]);
  }
});

it('a guest has no cookie, and the token lives on after a logout', async () => {
  const { token } = await aGuest(api.client);
  expect(refusal(await api.client.post('/api/v2/auth/logout', { token }))).toEqual([400, 1405]);
  expect((await api.client.get('/api/v2/me', { token })).status).toBe(200);
});

it('a logout with a cookie is answered with an empty 200', async () => {
  const { status, body } = await api.client.post('/api/v2/auth/logout', {
    headers: { cookie: 'refreshToken=6f1c' },
  });
  expect([status, body]).toEqual([200, '']);
});
