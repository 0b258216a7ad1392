import type { RequestListener } from 'node:http';
import { LIMITS } from '../../apps/api/src/http/limits';
import { startApi, type TestApi } from '../support/api';
import { json, startFixture, type ProviderFixture } from '../support/oauth-fixture';
import { TestBrowser } from '../support/oauth-browser';
import { refusal } from '../support/people';

const ORIGIN = 'http://localhost:3001';
const SECRET = 'secret-at-';
const TOKEN = 'a-token-that-nobody-may-see';

let kakao: ProviderFixture;
let naver: ProviderFixture;
let api: TestApi;
beforeAll(async () => {
  [kakao, naver] = await Promise.all([startFixture('kakao', ORIGIN), startFixture('naver', ORIGIN)]);
  api = await startApi({ ...kakao.settings, ...naver.settings, OAUTH_RETURN_URLS: `${ORIGIN}/` });
});
afterEach(() => {
  for (const fixture of [kakao, naver]) {
    fixture.misbehave('token', undefined);
    fixture.misbehave('me', undefined);
  }
});
afterAll(async () => {
  await api.stop();
  await Promise.all([kakao.stop(), naver.stop()]);
});

const logIn = (oauthProvider: 'kakao' | 'naver', code: string) =>
  api.client.post<{ accessToken: string }>('/api/v2/auth/login', { body: { oauthProvider, code } });
const atKakao = () =>
  logIn('kakao', kakao.codeOf({ id: 7, kakao_account: { profile: { nickname: '카카오' } } }));
const atNaver = () =>
  logIn('naver', naver.codeOf({ resultcode: '00', response: { id: 'n', name: '네이버' } }));

const bytes =
  (status: number, headers: Readonly<Record<string, string>>, body = ''): RequestListener =>
  (_request, response) =>
    void response.writeHead(status, headers).end(body);
const answers =
  (body: unknown, status = 200): RequestListener =>
  (_request, response) =>
    json(response, status, body);
const JSON_TYPE = { 'content-type': 'application/json' };

/** JSON of so many bytes. */
const padded = (value: unknown, size: number) => JSON.stringify(value).padEnd(size, ' ');

const OF_ANY_ENDPOINT: readonly (readonly [string, RequestListener])[] = [
  ['fails', answers({ error: 'server_error' }, 500)],
  ['is away', bytes(503, {}, 'busy')],
  ['throttles', answers({ msg: 'too many' }, 429)],
  ['answers nothing', bytes(200, JSON_TYPE)],
  ['answers 204', bytes(204, {})],
  ['answers a page', bytes(200, { 'content-type': 'text/html' }, '<html>maintenance</html>')],
  ['answers half of its JSON', bytes(200, JSON_TYPE, '{"id": 7, "acc')],
  ['answers null', bytes(200, JSON_TYPE, 'null')],
  ['answers a list', bytes(200, JSON_TYPE, '[]')],
  ['answers a text', bytes(200, JSON_TYPE, '"token"')],
  ['answers an empty object', answers({})],
  ['sends elsewhere', bytes(302, { location: 'http://127.0.0.1:1/' })],
  ['sends elsewhere for good', bytes(308, { location: 'http://127.0.0.1:1/' })],
  ['hangs up', (request) => request.socket.destroy()],
  [
    'hangs up in the middle',
    (_request, response) => void response.writeHead(200, JSON_TYPE).write('{"id":', () => response.destroy()),
  ],
  [
    'says too much',
    bytes(200, JSON_TYPE, padded({ id: 7, access_token: 'a', token_type: 'bearer' }, 10_000_000)),
  ],
];

describe('a provider whose token endpoint', () => {
  it.each(OF_ANY_ENDPOINT)('%s is one failure here', async (_what, fault) => {
    kakao.misbehave('token', fault);
    expect(refusal(await atKakao())).toEqual([500, 1406]);
  });

  it.each<readonly [string, unknown]>([
    ['a token that is no text', { access_token: 1, token_type: 'bearer' }],
    ['an empty token', { access_token: '', token_type: 'bearer' }],
    ['no type', { access_token: TOKEN }],
    ['another type', { access_token: TOKEN, token_type: 'mac' }],
    ['no time', { access_token: TOKEN, token_type: 'bearer', expires_in: 'soon' }],
    ['a token and an error', { access_token: undefined, error: 'invalid_grant', token_type: 'bearer' }],
  ])('gives %s is one failure here', async (_what, body) => {
    naver.misbehave('token', answers(body));
    expect(refusal(await atNaver())).toEqual([500, 1406]);
  });

  it('refuses a code with 400, or as Naver does with 200, is one failure here', async () => {
    expect(refusal(await logIn('kakao', 'wrong'))).toEqual([500, 1406]);
    expect(refusal(await logIn('naver', 'wrong'))).toEqual([500, 1406]);
  });

  it('cannot be reached is one failure here', async () => {
    const gone = await startFixture('naver', ORIGIN);
    await gone.stop();
    const other = await startApi(gone.settings);
    const body = { oauthProvider: 'naver', code: 'x' };
    expect(refusal(await other.client.post('/api/v2/auth/login', { body }))).toEqual([500, 1406]);
    await other.stop();
  });
});

describe('a provider whose user info', () => {
  it.each(OF_ANY_ENDPOINT)('%s is one failure here', async (_what, fault) => {
    kakao.misbehave('me', fault);
    expect(refusal(await atKakao())).toEqual([500, 1406]);
  });

  it.each<readonly [string, unknown]>([
    ['refuses the token', undefined],
    ['has no subject', { kakao_account: {} }],
    ['has a subject that is another one when it is read', { id: 2 ** 53 }],
    ['has an empty subject', { id: '' }],
  ])('%s is one failure here', async (_what, body) => {
    kakao.misbehave('me', body === undefined ? answers({ code: -401 }, 401) : answers(body));
    expect(refusal(await atKakao())).toEqual([500, 1406]);
  });

  it('is as large as may be is read, and not one byte more', async () => {
    const most = LIMITS.providerAnswerBytes;
    for (const [size, status] of [
      [most, 200],
      [most + 1, 500],
    ] as const) {
      kakao.misbehave('me', bytes(200, JSON_TYPE, padded({ id: 8 }, size)));
      expect((await atKakao()).status).toBe(status);
    }
  });
});

describe('a provider that fails', () => {
  it('makes nobody wait longer than the limit, however it dawdles', async () => {
    const silence: RequestListener = () => undefined;
    const half: RequestListener = (_request, response) => void response.writeHead(200, JSON_TYPE).write('{');
    kakao.misbehave('token', silence);
    naver.misbehave('me', half);
    const begun = Date.now();
    const refusals = await Promise.all([atKakao(), atNaver()]);
    expect(refusals.map(refusal)).toEqual([
      [500, 1406],
      [500, 1406],
    ]);
    expect(Date.now() - begun).toBeGreaterThanOrEqual(LIMITS.providerAnswerMs - 50);
    expect(Date.now() - begun).toBeLessThan(LIMITS.providerAnswerMs + 3_000);
  });

  it('is told in the log with its reason, and without anything secret', async () => {
    const body = { error: 'invalid_client', error_description: TOKEN, access_token: TOKEN };
    kakao.misbehave('token', answers(body, 401));
    const before = api.logs.length;
    const code = kakao.codeOf({ id: 7 });
    await logIn('kakao', code);
    const line = api.logs.slice(before).find(({ msg }) => msg === 'a login provider failed');
    expect(line).toMatchObject({ level: 40, provider: 'kakao', status: 401, told: 'invalid_client' });
    const logged = JSON.stringify(api.logs);
    for (const secret of [TOKEN, SECRET, code]) expect(logged).not.toContain(secret);
  });

  it.each<readonly [string, RequestListener]>([
    ['AnswerTooLarge', bytes(200, JSON_TYPE, padded({}, LIMITS.providerAnswerBytes + 1))],
    ['OAUTH_RESPONSE_IS_NOT_JSON', bytes(200, { 'content-type': 'text/html' }, '<html>')],
    ['UND_ERR_SOCKET', (request) => request.socket.destroy()],
  ])('is told in the log with what is at the bottom of it: %s', async (reason, fault) => {
    kakao.misbehave('token', fault);
    const before = api.logs.length;
    await atKakao();
    const line = api.logs.slice(before).find(({ msg }) => msg === 'a login provider failed');
    expect(line).toMatchObject({ provider: 'kakao', reason });
  });

  it('has its own words in the log only when they are plain', async () => {
    naver.misbehave('token', answers({ error: `${TOKEN} "; \n` }, 400));
    const before = api.logs.length;
    await atNaver();
    const line = api.logs.slice(before).find(({ msg }) => msg === 'a login provider failed');
    expect(line).toMatchObject({ provider: 'naver', status: 400 });
    expect(line).not.toHaveProperty('told');
  });

  it('fails alone: others go on, and it is well again when it is', async () => {
    kakao.misbehave('token', answers({}, 500));
    expect((await atNaver()).status).toBe(200);
    kakao.misbehave('token', undefined);
    expect((await atKakao()).status).toBe(200);
  });

  it('sends nobody who logs in by redirects to a dead end', async () => {
    const browser = new TestBrowser(api.client);
    const url = new URL(await browser.begin('kakao', `${ORIGIN}/`));
    kakao.misbehave('me', answers({}, 500));
    const query = new URLSearchParams({
      state: url.searchParams.get('state') ?? '',
      code: kakao.codeOf({ id: 7 }, url.href),
    });
    const { status, headers } = await browser.get(`/api/v2/auth/oauth/kakao/callback?${query.toString()}`);
    expect([status, headers.get('location')]).toEqual([302, `${ORIGIN}/?error=1406`]);
  });
});

describe('what Kakao and Naver tell', () => {
  const meOf = async (token: string) => (await api.client.get('/api/v2/me', { token })).body;

  it('is who the member is', async () => {
    const kakaoAccount = {
      profile: { nickname: '루나', profile_image_url: 'http://k.kakaocdn.example/a.jpg' },
      email: 'luna@example.com',
      is_email_valid: true,
      is_email_verified: true,
    };
    const response = {
      id: 'n-1',
      nickname: '하늘',
      email: 'sky@naver.com',
      profile_image: 'https://s.example/b.png',
    };
    const first = await logIn('kakao', kakao.codeOf({ id: 4_444, kakao_account: kakaoAccount }));
    const second = await logIn('naver', naver.codeOf({ resultcode: '00', message: 'success', response }));
    expect(await meOf(first.body.accessToken)).toMatchObject({
      name: '루나',
      email: 'luna@example.com',
      imageUrl: 'http://k.kakaocdn.example/a.jpg',
      loginType: 'kakao',
    });
    expect(await meOf(second.body.accessToken)).toMatchObject({
      name: '하늘',
      email: null,
      imageUrl: 'https://s.example/b.png',
      loginType: 'naver',
    });
  });
});
