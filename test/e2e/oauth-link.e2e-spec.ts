import { expectStatus, aGuest, refusal, type Person } from '../support/people';
import { pathOf, type TestBrowser } from '../support/oauth-browser';
import { HOME, PAGE, startLoginWorld, type LoginWorld } from '../support/oauth-login';

let world: LoginWorld;
beforeAll(async () => {
  world = await startLoginWorld();
});
afterAll(() => world.stop());

interface Me {
  readonly memberId: number;
  readonly loginType: string;
}

/** A browser in which a guest has begun to link Google. */
async function aGuestLinking(returnTo = HOME) {
  const browser = world.aBrowser();
  const guest = await aGuest(world.api.client);
  return { browser, guest, authorizeUrl: await start(browser, guest, returnTo) };
}

async function start(browser: TestBrowser, { token }: Person, returnTo: string): Promise<string> {
  const path = '/api/v2/me/identities/google/start';
  const answer = await browser.post(path, { returnTo }, { authorization: `Bearer ${token}` });
  return (expectStatus(200, answer).body as { authorizeUrl: string }).authorizeUrl;
}

async function whoIsIn(browser: TestBrowser): Promise<Me> {
  const { body } = expectStatus(200, await browser.post('/api/v2/auth/refresh'));
  const token = (body as { accessToken: string }).accessToken;
  return (await world.api.client.get<Me>('/api/v2/me', { token })).body;
}

describe('linking by redirects', () => {
  it('makes a member of the guest, who stays who it was', async () => {
    const { browser, guest, authorizeUrl } = await aGuestLinking(PAGE);
    const back = await browser.logInAt(authorizeUrl, 'nari');
    const answer = await browser.get(pathOf(back));
    expect([answer.status, answer.headers.get('location')]).toEqual([302, PAGE]);
    expect(await whoIsIn(browser)).toMatchObject({ memberId: guest.memberId, loginType: 'google' });
    expect(refusal(await world.api.client.get('/api/v2/me', { token: guest.token }))).toEqual([401, 1403]);
  });

  it('tells the page when another member is known by the identity, out of sight of every server', async () => {
    const owner = world.aBrowser();
    await owner.get(pathOf(await owner.logInAt(await owner.begin('google', HOME), 'taken')));
    const { browser, guest, authorizeUrl } = await aGuestLinking(PAGE);
    const answer = await browser.get(pathOf(await browser.logInAt(authorizeUrl, 'taken')));
    const location = new URL(answer.headers.get('location') ?? '');
    expect(`${location.origin}${location.pathname}${location.search}`).toBe(`${PAGE}&error=1410`);
    const told = new URLSearchParams(location.hash.slice(1));
    expect(told.get('choices')).toBe('switch,merge');
    const body = { confirmation: told.get('confirmation'), choice: 'switch' };
    const path = '/api/v2/me/identities/confirm';
    expectStatus(200, await world.api.client.post(path, { token: guest.token, body }));
    expect(JSON.stringify(world.api.logs)).not.toContain(told.get('confirmation'));
  });

  it('cannot be ended by another browser: nobody gets an identity that is not theirs', async () => {
    const { browser, guest, authorizeUrl } = await aGuestLinking();
    const back = await browser.logInAt(authorizeUrl, 'not-yours');
    const victim = world.aBrowser();
    await victim.begin('google', HOME);
    expect(refusal(await victim.get(pathOf(back)))).toEqual([400, 1408]);
    expect((await world.api.client.get<Me>('/api/v2/me', { token: guest.token })).body.loginType).toBe(
      'guest',
    );
  });

  it('is not what a login does that the same browser began', async () => {
    const { browser, guest } = await aGuestLinking();
    const back = await browser.logInAt(await browser.begin('google', HOME), 'plain-login');
    await browser.get(pathOf(back));
    expect((await whoIsIn(browser)).memberId).not.toBe(guest.memberId);
    expect((await world.api.client.get<Me>('/api/v2/me', { token: guest.token })).body.loginType).toBe(
      'guest',
    );
  });

  it('of a guest who has left meanwhile is told to the page', async () => {
    const { browser, guest, authorizeUrl } = await aGuestLinking();
    const back = await browser.logInAt(authorizeUrl, 'too-late');
    const body = { reason: '마음이 바뀌었어요' };
    expectStatus(204, await world.api.client.post('/api/v2/unregister', { token: guest.token, body }));
    const { headers } = await browser.get(pathOf(back));
    expect(headers.get('location')).toBe(`${HOME}?error=1403`);
  });

  it('ends on a listed page only', async () => {
    const { token } = await aGuest(world.api.client);
    for (const returnTo of ['https://evil.example/', '//evil.example', `${HOME}#x`]) {
      const ask = { token, body: { returnTo } };
      const answer = await world.api.client.post('/api/v2/me/identities/google/start', ask);
      expect(refusal(answer)).toEqual([400, 1409]);
    }
  });
});
