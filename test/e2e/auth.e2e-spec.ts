import { waitFor } from '../../scripts/lib/wait.mjs';
import { startApi, type TestApi } from '../support/api';
import type { Answer } from '../support/api-client';
import { aGuest, refusal, type Person } from '../support/people';
import { claimsOf, mint as mintFor, secondsFromNow, type Minted } from '../support/tokens';

let api: TestApi;
let guest: Person;
beforeAll(async () => {
  api = await startApi();
  guest = await aGuest(api.client);
});
afterAll(() => api.stop());

const STALE = 'Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMiJ9.c3RhbGU';

/** A token of the guest, minted by hand. */
const mint = (minted: Minted = {}) => mintFor(guest.memberId, minted);
const unsigned = (token: string) => `${token.slice(0, token.lastIndexOf('.'))}.`;
const meWith = (authorization?: string): Promise<Answer> =>
  api.client.get('/api/v2/me', { headers: authorization === undefined ? {} : { authorization } });

describe('a guest login', () => {
  it('makes a new member each time, who is let in by the token', async () => {
    const [one, other] = [await aGuest(api.client), await aGuest(api.client)];
    expect(one.memberId).not.toBe(other.memberId);
    expect(refusal(await meWith(`Bearer ${one.token}x`))).toEqual([401, 1403]);
    expect((await meWith(`Bearer ${one.token}`)).body).toMatchObject({ memberId: one.memberId });
  });

  it('answers 200 with the token alone, and gives no cookie', async () => {
    const { status, headers, body } = await api.client.post('/api/v2/auth/guest');
    expect(status).toBe(200);
    expect(body).toEqual({ accessToken: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/) as string });
    expect(headers.get('set-cookie')).toBeNull();
  });

  it.each([
    ['of an ended session', STALE],
    ['of another scheme', 'Basic Zm9vOmJhcg=='],
    ['that is ill-formed', 'Bearer'],
  ])('ignores an Authorization header %s', async (_name, authorization) => {
    const { status } = await api.client.post('/api/v2/auth/guest', { headers: { authorization } });
    expect(status).toBe(200);
  });

  it('ignores a body', async () => {
    const { status } = await api.client.post('/api/v2/auth/guest', { body: { memberId: 1 } });
    expect(status).toBe(200);
  });

  it('gives a token for 30 days, since a guest cannot refresh it', async () => {
    const { exp, iat } = claimsOf(guest.token);
    expect(Number(exp) - Number(iat)).toBe(30 * 24 * 60 * 60);
  });
});

describe('the Authorization header', () => {
  it('is refused with 1404 when it is missing', async () => {
    const answer = await meWith();
    expect(refusal(answer)).toEqual([400, 1404]);
    expect(answer.body).toMatchObject({ message: '유효하지 않은 인증 헤더 형식입니다.' });
  });

  it.each([
    ['', 'is empty'],
    ['Bearer', 'has no token'],
    ['Basic {token}', 'is of another scheme'],
    ['bearer {token}', 'spells Bearer small'],
    ['BEARER {token}', 'spells Bearer in capitals'],
    ['Bearer  {token}', 'has two blanks'],
    ['Bearer\t{token}', 'has a tab for a blank'],
    ['Bearer {token} more', 'has three parts'],
    ['Bearer Bearer {token}', 'says Bearer twice'],
    ['{token}', 'is the token alone'],
    ['Bearer:{token}', 'has a colon for a blank'],
  ])('is refused with 1404 when it is %j: it %s', async (form) => {
    expect(refusal(await meWith(form.replace('{token}', guest.token)))).toEqual([400, 1404]);
  });
});

describe('an access token', () => {
  it('that is minted as the service does it is let in', async () => {
    expect((await meWith(`Bearer ${mint()}`)).body).toMatchObject({ memberId: guest.memberId });
  });

  it('is let in shortly before its end', async () => {
    expect((await meWith(`Bearer ${mint({ claims: { exp: secondsFromNow(30) } })}`)).status).toBe(200);
  });

  it.each<[string, () => string]>([
    ['is over', () => mint({ claims: { exp: secondsFromNow(-1) } })],
    ['has no end', () => mint({ claims: { exp: undefined } })],
    ['has an end that is no number', () => mint({ claims: { exp: 'never' } })],
    ['is not valid yet', () => mint({ claims: { nbf: secondsFromNow(60) } })],
    ['is signed with another key', () => mint({ key: 'another-secret-of-32-bytes-0123456789' })],
    ['is signed with another algorithm', () => mint({ header: { alg: 'HS512' }, hash: 'sha512' })],
    ['says alg none and has no signature', () => unsigned(mint({ header: { alg: 'none' } }))],
    ['says alg none and is signed', () => mint({ header: { alg: 'none' } })],
    ['has lost its signature', () => unsigned(mint())],
    ['is for another audience', () => mint({ claims: { aud: 'haru-admin' } })],
    ['is for nobody in particular', () => mint({ claims: { aud: undefined } })],
    ['is of another type', () => mint({ claims: { typ: 'refresh' } })],
    ['is of no type', () => mint({ claims: { typ: undefined } })],
    ['has no subject', () => mint({ claims: { sub: undefined } })],
    ['has an empty subject', () => mint({ claims: { sub: '' } })],
    ['has a name as subject', () => mint({ claims: { sub: 'guest' } })],
    ['has a fraction as subject', () => mint({ claims: { sub: '1.5' } })],
    ['has a list as subject', () => mint({ claims: { sub: [guest.memberId] } })],
    ['has zero as subject', () => mint({ claims: { sub: '0' } })],
    ['has a negative subject', () => mint({ claims: { sub: '-1' } })],
    ['is not a token at all', () => 'undefined'],
    ['is of base64 alone', () => 'YWJj.YWJj.YWJj'],
    ['is of dots alone', () => '..'],
  ])('that %s is refused with 1403', async (_name, token) => {
    const answer = await meWith(`Bearer ${token()}`);
    expect(refusal(answer)).toEqual([401, 1403]);
    expect(answer.body).toMatchObject({ message: '유효하지 않은 액세스 토큰입니다' });
  });

  it('that has been let in before is refused once its life is over', async () => {
    const exp = secondsFromNow(4);
    const authorization = `Bearer ${mint({ claims: { exp } })}`;
    expect((await meWith(authorization)).status).toBe(200);
    const isOver = async () => (await meWith(authorization)).status === 401;
    await waitFor(isOver, { timeoutMs: 10_000, what: 'the token to end' });
    expect(Date.now()).toBeGreaterThanOrEqual(exp * 1_000);
    expect(refusal(await meWith(authorization))).toEqual([401, 1403]);
  });

  it('with another payload under the same signature is refused', async () => {
    const [header, , signature] = mint().split('.');
    const [, payload] = mint({ claims: { sub: String(guest.memberId + 1) } }).split('.');
    expect(refusal(await meWith(`Bearer ${[header, payload, signature].join('.')}`))).toEqual([401, 1403]);
  });

  it('is not taken from the query, a cookie or the body', async () => {
    const asked = await api.client.post(`/api/v2/studies?access_token=${guest.token}`, {
      headers: { cookie: `accessToken=${guest.token}; jwt=${guest.token}` },
      body: { access_token: guest.token, name: '알고리즘', totalCycle: 1, timePerCycle: 20 },
    });
    expect(refusal(asked)).toEqual([400, 1404]);
  });
});
