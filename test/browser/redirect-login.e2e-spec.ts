import type { Browser, Page } from 'playwright-core';
import { startApi, type TestApi } from '../support/api';
import { pathOf, TestBrowser } from '../support/oauth-browser';
import { startGoogle, type Google } from '../support/oauth-google';
import { startSite, type Site } from '../support/oauth-site';
import { aPage, startChromium } from './chromium';

let site: Site;
let google: Google;
let api: TestApi;
let browser: Browser;
beforeAll(async () => {
  site = await startSite();
  google = await startGoogle(site.origin);
  api = await startApi({ ...google.settings, OAUTH_RETURN_URLS: `${site.origin}/` });
  site.serve(api.baseUrl);
  browser = await startChromium();
});
afterAll(async () => {
  await browser.close();
  await api.stop();
  await Promise.all([google.stop(), site.stop()]);
});

const begin = (page: Page) =>
  page.goto(`${site.origin}/api/v2/auth/oauth/google?returnTo=${encodeURIComponent(`${site.origin}/`)}`);

/** Fills in the provider's forms. */
async function logIn(page: Page, login: string): Promise<void> {
  await page.fill('input[name=login]', login);
  await page.fill('input[name=password]', 'any');
  await page.click('button[type=submit]');
  await page.click('button:has-text("Continue")');
}

const greeting = async (page: Page) => {
  await page.waitForFunction(() => document.querySelector('h1')?.textContent !== '…');
  return page.textContent('h1');
};

describe('a login by redirects in Chromium', () => {
  it('leads from the provider back to the page, logged in, with no token in any address', async () => {
    const page = await aPage(browser);
    const addresses: string[] = [];
    page.on('framenavigated', (frame) => void addresses.push(frame.url()));
    await page.goto(`${site.origin}/`);
    expect(await greeting(page)).toBe('nobody 1405');
    await begin(page);
    expect(new URL(page.url()).origin).toBe(google.origin);
    await logIn(page, 'sora');
    await page.waitForURL(`${site.origin}/`);
    expect(await greeting(page)).toBe('hello sora 님');
    expect(addresses.filter((address) => address.startsWith(site.origin))).toEqual([
      `${site.origin}/`,
      `${site.origin}/`,
    ]);
    await page.context().close();
  });

  it('leaves cookies that no script sees, and stays when the page is opened again', async () => {
    const page = await aPage(browser);
    await begin(page);
    await logIn(page, 'bora');
    await page.waitForURL(`${site.origin}/`);
    expect(await greeting(page)).toBe('hello bora 님');
    const cookies = await page.context().cookies(`${site.origin}/api/v2/auth/oauth/google/callback`);
    const ours = cookies.filter(({ name }) => ['refreshToken', 'loginBrowser'].includes(name));
    expect(ours.map(({ httpOnly, secure, sameSite }) => ({ httpOnly, secure, sameSite }))).toEqual([
      { httpOnly: true, secure: true, sameSite: 'Lax' },
      { httpOnly: true, secure: true, sameSite: 'Lax' },
    ]);
    expect(await page.evaluate(() => document.cookie)).toBe('');
    await page.reload();
    expect(await greeting(page)).toBe('hello bora 님');
    await page.context().close();
  });

  it('that is cancelled leads back, too', async () => {
    const page = await aPage(browser);
    await begin(page);
    await page.click('text=Cancel');
    await page.waitForURL(`${site.origin}/?error=1413`);
    expect(await greeting(page)).toBe('error 1413');
    await page.context().close();
  });

  it('that somebody else began logs nobody in', async () => {
    const attacker = new TestBrowser(api.client);
    const back = await attacker.logInAt(await attacker.begin('google', `${site.origin}/`), 'attacker');
    const victim = await aPage(browser);
    await begin(victim);
    const answer = await victim.goto(back.href);
    expect([answer?.status(), ((await answer?.json()) as { code: number }).code]).toEqual([400, 1408]);
    await victim.goto(`${site.origin}/`);
    expect(await greeting(victim)).toBe('nobody 1405');
    expect((await attacker.get(pathOf(back))).status).toBe(302);
    await victim.context().close();
  });
});
