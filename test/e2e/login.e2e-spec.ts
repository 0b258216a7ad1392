import { startApi, type TestApi } from '../support/api';
import type { Answer, Problem } from '../support/api-client';
import { TestBrowser } from '../support/oauth-browser';
import { linkOfWebClient, startGoogle, type Google } from '../support/oauth-google';
import { startFixture, type ProviderFixture } from '../support/oauth-fixture';
import { aGuest, expectStatus, refusal } from '../support/people';

const ORIGIN = 'http://localhost:3001';

let google: Google;
let kakao: ProviderFixture;
let api: TestApi;
beforeAll(async () => {
  [google, kakao] = await Promise.all([startGoogle(ORIGIN), startFixture('kakao', ORIGIN)]);
  api = await startApi({ ...google.settings, ...kakao.settings });
});
afterAll(async () => {
  await api.stop();
  await Promise.all([google.stop(), kakao.stop()]);
});

interface Me {
  readonly memberId: number;
  readonly name: string;
  readonly email: string | null;
  readonly imageUrl: string | null;
  readonly loginType: string;
}
type LoggedIn = Answer<{ accessToken: string }>;

const logIn = (body: unknown, headers: Readonly<Record<string, string>> = {}) =>
  api.client.post<{ accessToken: string }>('/api/v2/auth/login', { body, headers });

/** The code that the web client's page gets when somebody logs in at Google. */
async function codeOf(login: string): Promise<string> {
  const there = await new TestBrowser(api.client).logInAt(linkOfWebClient(google), login);
  expect(there.href).toMatch(/^http:\/\/localhost:3001\/auth\?provider=google&code=/);
  return there.searchParams.get('code') ?? '';
}

async function logInAs(login: string, headers?: Readonly<Record<string, string>>): Promise<LoggedIn> {
  return expectStatus(200, await logIn({ oauthProvider: 'google', code: await codeOf(login) }, headers));
}

async function meOf({ body }: LoggedIn): Promise<Me> {
  return expectStatus(200, await api.client.get<Me>('/api/v2/me', { token: body.accessToken })).body;
}

const cookieOf = ({ headers }: Answer) => headers.getSetCookie().join('\n');
const refreshToken = (answer: Answer) => /refreshToken=([^;]+)/.exec(cookieOf(answer))?.[1] ?? '';
const refresh = (token: string) =>
  api.client.post('/api/v2/auth/refresh', { headers: { cookie: `refreshToken=${token}` } });

describe('logging in by the code of a provider', () => {
  it('gives an access token and a refresh cookie, and nothing else', async () => {
    const answer = await logInAs('minji');
    expect(Object.keys(answer.body)).toEqual(['accessToken']);
    expect(cookieOf(answer)).toMatch(
      /^refreshToken=[\w.-]+; Max-Age=1209600; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    );
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  it('makes a member of whoever comes for the first time', async () => {
    expect(await meOf(await logInAs('jisoo'))).toEqual({
      memberId: expect.any(Number) as number,
      name: 'jisoo 님',
      email: 'shared@example.com',
      imageUrl: 'https://pictures.example/jisoo',
      loginType: 'google',
    });
  });

  it('knows who comes again', async () => {
    const first = await meOf(await logInAs('haein'));
    expect(await meOf(await logInAs('haein'))).toEqual(first);
    expect((await meOf(await logInAs('another'))).memberId).not.toBe(first.memberId);
  });

  it('never takes over an e-mail that is not verified', async () => {
    expect(await meOf(await logInAs('unverified-sol'))).toMatchObject({
      email: null,
      name: 'unverified-sol 님',
    });
  });

  it('tells apart two people with one e-mail, at one provider and at two', async () => {
    const email = 'shared@example.com';
    const code = kakao.codeOf({
      id: 77,
      kakao_account: { email, is_email_valid: true, is_email_verified: true },
    });
    const atKakao = await meOf(expectStatus(200, await logIn({ oauthProvider: 'kakao', code })));
    const atGoogle = await Promise.all([logInAs('one-of-two'), logInAs('two-of-two')]);
    const people = [atKakao, ...(await Promise.all(atGoogle.map(meOf)))];
    expect(people.map((one) => one.email)).toEqual([email, email, email]);
    expect(new Set(people.map(({ memberId }) => memberId)).size).toBe(3);
  });

  it('gives a refresh token that works', async () => {
    expect((await refresh(refreshToken(await logInAs('refreshing')))).status).toBe(200);
  });

  it('never makes a member of the guest who asks: linking has its own endpoint', async () => {
    const guest = await aGuest(api.client);
    const member = await meOf(await logInAs('linkless', { authorization: `Bearer ${guest.token}` }));
    expect(member.memberId).not.toBe(guest.memberId);
    const me = await api.client.get<Me>('/api/v2/me', { token: guest.token });
    expect(me.body).toMatchObject({ memberId: guest.memberId, loginType: 'guest' });
  });

  it.each(['Bearer stale', 'Bearer', 'Basic YTpi', 'x'])(
    'ignores an Authorization header: %s',
    async (header) => {
      await logInAs('stale', { authorization: header });
    },
  );

  it('ends the login that the device had before, and no other', async () => {
    const [before, elsewhere] = [await logInAs('earlier'), await logInAs('earlier')];
    await logInAs('later', { cookie: `refreshToken=${refreshToken(before)}` });
    expect(refusal(await refresh(refreshToken(before)))).toEqual([400, 1402]);
    expect((await refresh(refreshToken(elsewhere))).status).toBe(200);
  });

  it.each(['', 'nonsense', 'a.b.c'])('minds no refresh cookie that is none: %j', async (cookie) => {
    await logInAs('crooked', { cookie: `refreshToken=${cookie}` });
  });

  it('leaves the login of a device as it was when the new one fails', async () => {
    const before = await logInAs('faithful');
    const headers = { cookie: `refreshToken=${refreshToken(before)}` };
    expect(refusal(await logIn({ oauthProvider: 'google', code: 'wrong' }, headers))).toEqual([500, 1406]);
    expect((await refresh(refreshToken(before))).status).toBe(200);
  });
});

describe('a code', () => {
  const refused = async (code: unknown) => refusal(await logIn({ oauthProvider: 'google', code }));

  it('is decoded once more, as far as it can be', async () => {
    for (const [sent, arrives] of [
      ['a%2Fb', 'a/b'],
      ['4/0A', '4/0A'],
      ['a+b', 'a+b'],
      ['100%', '100%'],
      ['%E0%A4', '%E0%A4'],
      ['%00', '\0'],
    ] as const) {
      expect(refusal(await logIn({ oauthProvider: 'kakao', code: sent }))).toEqual([500, 1406]);
      expect(kakao.forms.at(-1)?.get('code')).toBe(arrives);
    }
  });

  it('is good once', async () => {
    const code = await codeOf('once');
    expect((await logIn({ oauthProvider: 'google', code })).status).toBe(200);
    expect(await refused(code)).toEqual([500, 1406]);
  });

  it('is of one provider', async () => {
    const code = kakao.codeOf({ id: 1 });
    expect(await refused(code)).toEqual([500, 1406]);
  });

  it('is from 1 to 2,048 characters long', async () => {
    expect(await refused('x')).toEqual([500, 1406]);
    expect(await refused('x'.repeat(2_048))).toEqual([500, 1406]);
    expect(await refused('')).toEqual([400, 1600]);
    expect(await refused('x'.repeat(2_049))).toEqual([400, 1600]);
  });

  it.each([null, undefined, 1, true, [], ['a'], {}])(
    'is a text, and not %j as after a refusal there',
    async (code) => {
      const answer = await logIn({ oauthProvider: 'google', code });
      expect(refusal(answer)).toEqual([400, 1600]);
      expect((answer.body as unknown as Problem).errors).toEqual([
        { path: 'code', reason: 'must be a text of 1 to 2048 characters', code: 1600 },
      ]);
    },
  );

  it('may stand beside fields that nobody knows, as old clients have them', async () => {
    const body = { oauthProvider: 'google', code: await codeOf('extra'), state: 'x' };
    expect((await logIn(body)).status).toBe(200);
  });
});

describe('a provider', () => {
  it.each([
    'Google',
    'GOOGLE',
    ' google',
    'facebook',
    'guest',
    '',
    null,
    undefined,
    1,
    [],
    ['google'],
    {},
    '__proto__',
  ])('is not %j', async (oauthProvider) => {
    expect(refusal(await logIn({ oauthProvider, code: 'x' }))).toEqual([400, 1400]);
  });

  it('that is not configured is not available', async () => {
    const answer = await logIn({ oauthProvider: 'naver', code: 'x' });
    expect(refusal(answer)).toEqual([400, 1400]);
    expect((answer.body as unknown as Problem).errors?.[0]?.reason).toBe(
      'the provider is not available here',
    );
  });

  it('that is unknown is told before a code that is missing', async () => {
    const { body } = await logIn({ oauthProvider: 'facebook', code: null });
    expect((body as unknown as Problem).errors?.map(({ code }) => code)).toEqual([1400, 1600]);
  });
});
