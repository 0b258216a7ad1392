import { beginning, pathOf, type TestBrowser } from '../support/oauth-browser';
import { HOME, ORIGIN, PAGE, startLoginWorld, type LoginWorld } from '../support/oauth-login';
import { refusal } from '../support/people';

let world: LoginWorld;
beforeAll(async () => {
  world = await startLoginWorld();
});
afterAll(() => world.stop());

const locationOf = ({ headers }: { headers: Headers }) => headers.get('location');
const codeIn = (location: string | null) => new URL(location ?? '').searchParams.get('error');

async function nameOf(browser: TestBrowser): Promise<string> {
  const { body } = await browser.post('/api/v2/auth/refresh');
  const token = (body as { accessToken: string }).accessToken;
  return (await world.api.client.get<{ name: string }>('/api/v2/me', { token })).body.name;
}

describe('a login by redirects', () => {
  it('ends on the page where it is to end, with a refresh cookie and no token in any address', async () => {
    const { browser, back } = await world.aboutToReturn('hana', PAGE);
    const answer = await browser.get(pathOf(back));
    expect([answer.status, locationOf(answer)]).toEqual([302, PAGE]);
    expect(answer.headers.getSetCookie().join()).toMatch(
      /^refreshToken=[\w.-]+; Max-Age=1209600; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    );
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(await nameOf(browser)).toBe('hana 님');
  });

  it('asks the provider for a code, with a state and a PKCE challenge, and comes back to this service', async () => {
    const { origin, pathname, searchParams } = new URL(await world.aBrowser().begin('google', HOME));
    expect([origin, pathname]).toEqual([world.google.origin, '/auth']);
    expect(Object.fromEntries(searchParams)).toEqual({
      client_id: 'haru-study',
      redirect_uri: `${ORIGIN}/api/v2/auth/oauth/google/callback`,
      response_type: 'code',
      scope: 'openid profile email',
      state: expect.stringMatching(/^[\w-]{43}$/) as string,
      code_challenge: expect.stringMatching(/^[\w-]{43}$/) as string,
      code_challenge_method: 'S256',
    });
  });

  it('names the browser by a signed cookie that scripts cannot read and other sites cannot send along', async () => {
    const { headers } = await world.aBrowser().get(beginning('google', HOME));
    expect(headers.getSetCookie()).toEqual([
      expect.stringMatching(
        /^loginBrowser=[\w-]{22}\.[\w%+/-]+; Max-Age=600; Path=\/api\/v2; HttpOnly; Secure; SameSite=Lax$/,
      ),
    ]);
    expect(headers.get('cache-control')).toBe('no-store');
  });

  it('keeps nothing by which anybody could end it', async () => {
    const browser = world.aBrowser();
    const state = new URL(await browser.begin('google', HOME)).searchParams.get('state') ?? '';
    const rows = await world.api.sql('SELECT * FROM oauth_state');
    const stored = JSON.stringify(rows.map((row) => Object.values(row).map(String)));
    expect(rows.length).toBeGreaterThan(0);
    expect(stored).not.toContain(state);
    expect(stored).not.toContain(browser.cookie('loginBrowser')?.split('.')[0]);
  });

  it('writes neither code nor state into the log', async () => {
    const { browser, back } = await world.aboutToReturn();
    await browser.get(pathOf(back));
    const logged = JSON.stringify(world.api.logs);
    expect(logged).toContain('/api/v2/auth/oauth/:provider/callback');
    for (const name of ['code', 'state']) expect(logged).not.toContain(back.searchParams.get(name));
  });

  it('works in two browsers at once, and in two tabs of one', async () => {
    const [mine, yours] = [world.aBrowser(), world.aBrowser()];
    const begun = [await mine.begin('google', HOME), await yours.begin('google', HOME)];
    const inOtherTab = await mine.begin('naver', PAGE);
    const back = await Promise.all([
      mine.logInAt(begun[0] ?? '', 'mine'),
      yours.logInAt(begun[1] ?? '', 'yours'),
    ]);
    const answers = [await yours.get(pathOf(back[1])), await mine.get(pathOf(back[0]))];
    expect(answers.map(locationOf)).toEqual([HOME, HOME]);
    expect([await nameOf(mine), await nameOf(yours)]).toEqual(['mine 님', 'yours 님']);
    const answer = await mine.get(world.fromNaver(inOtherTab, '둘째 탭'));
    expect([locationOf(answer), await nameOf(mine)]).toEqual([PAGE, '둘째 탭']);
  });

  it('tells Naver the state once more, as Naver wants it', async () => {
    const browser = world.aBrowser();
    const authorizeUrl = await browser.begin('naver', HOME);
    await browser.get(world.fromNaver(authorizeUrl, '네이버'));
    expect(world.naver.forms.at(-1)?.get('state')).toBe(new URL(authorizeUrl).searchParams.get('state'));
  });
});

describe('what goes wrong after the state is known', () => {
  it('is told to the page: the person has cancelled', async () => {
    const { browser, back } = await world.aboutToReturn(null, PAGE);
    expect(back.searchParams.get('error')).toBe('access_denied');
    const location = locationOf(await browser.get(pathOf(back)));
    expect(location).toBe(`${ORIGIN}/after?tab=1&error=1413`);
    expect(browser.cookie('refreshToken')).toBeUndefined();
  });

  it.each([
    ['there is no code', (query: URLSearchParams) => query.delete('code')],
    ['the code is another one', (query: URLSearchParams) => query.set('code', 'x')],
    ['the code is too long', (query: URLSearchParams) => query.set('code', 'x'.repeat(2_049))],
    ['the code is given twice', (query: URLSearchParams) => query.append('code', 'x')],
    ['another issuer says so', (query: URLSearchParams) => query.set('iss', 'https://evil.example')],
    ['the provider has an error of its own', (query: URLSearchParams) => query.set('error', 'server_error')],
  ])('is told to the page: %s', async (_what, change) => {
    const { browser, back } = await world.aboutToReturn();
    change(back.searchParams);
    expect(codeIn(locationOf(await browser.get(pathOf(back))))).toBe('1406');
    expect(browser.cookie('refreshToken')).toBeUndefined();
  });

  it('is told to the page: a code that was got for another login, as PKCE has it', async () => {
    const thief = await world.aboutToReturn('owner-of-the-code');
    const { browser, back } = await world.aboutToReturn('thief');
    back.searchParams.set('code', thief.back.searchParams.get('code') ?? '');
    expect(codeIn(locationOf(await browser.get(pathOf(back))))).toBe('1406');
    expect(JSON.stringify(world.api.logs.at(-2))).toContain('invalid_grant');
  });

  it('does not let the same state be tried again', async () => {
    const { browser, back } = await world.aboutToReturn();
    const right = pathOf(back);
    back.searchParams.set('code', 'x');
    await browser.get(pathOf(back));
    expect(refusal(await browser.get(right))).toEqual([400, 1408]);
  });
});

describe('where a login may end', () => {
  it.each([
    undefined,
    '',
    '/',
    'home',
    '//evil.example/',
    '///evil.example/',
    '\\\\evil.example\\',
    '/\\evil.example/',
    'https://good.evil.example/',
    'https://evil.example/?http://localhost:3001/',
    'http://localhost:3001.evil.example/',
    'http://localhost:3001@evil.example/',
    'http://user:pass@localhost:3001/',
    'http://localhost:3001',
    'http://LOCALHOST:3001/',
    'https://localhost:3001/',
    'http://localhost:3001//evil.example/',
    'http://localhost:3001/%2F%2Fevil.example',
    'http%3A%2F%2Flocalhost%3A3001%2F',
    'http://localhost:3001/#x',
    'http://localhost:3001/?x=1',
    ' http://localhost:3001/',
    'http://localhost:3001/\n',
    'http://localhost:3001/\0',
    'javascript:alert(1)',
    'data:text/html,x',
    'x'.repeat(2_049),
  ])('is a listed page to the letter, and not %j', async (returnTo) => {
    const path = returnTo === undefined ? '/api/v2/auth/oauth/google' : beginning('google', returnTo);
    const answer = await world.aBrowser().get(path);
    expect(refusal(answer)).toEqual([400, 1409]);
    expect(answer.headers.getSetCookie()).toEqual([]);
  });

  it('is one page', async () => {
    const twice = `${beginning('google', HOME)}&returnTo=${encodeURIComponent(PAGE)}`;
    expect(refusal(await world.aBrowser().get(twice))).toEqual([400, 1409]);
  });

  it('is all that may be said: what else is asked is refused', async () => {
    expect(refusal(await world.aBrowser().get(`${beginning('google', HOME)}&linkTo=1`))).toEqual([400, 1600]);
  });

  it.each(['kakao', 'Google', 'github', '__proto__', '%00'])('no login begins at %s', async (provider) => {
    expect(refusal(await world.aBrowser().get(beginning(provider, HOME)))).toEqual([400, 1400]);
  });
});
