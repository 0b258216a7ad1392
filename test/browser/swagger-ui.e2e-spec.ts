import type { Browser, Page } from 'playwright-core';
import { startApi, type TestApi } from '../support/api';
import { aGuest } from '../support/people';
import { aPage, startChromium } from './chromium';

let api: TestApi;
let browser: Browser;
let page: Page;
beforeAll(async () => {
  api = await startApi();
  browser = await startChromium();
});
beforeEach(async () => {
  page = await aPage(browser);
  await page.goto(`${api.baseUrl}/swagger-ui`);
});
afterEach(() => page.context().close());
afterAll(async () => {
  await browser.close();
  await api.stop();
});

/** Opens an operation and executes it. @returns the status and the body that the page shows */
async function tryOut(method: 'get' | 'post', path: string): Promise<[string | null, unknown]> {
  const operation = page.locator(`.opblock-${method}`, {
    has: page.locator(`.opblock-summary-path[data-path="${path}"]`),
  });
  await operation.locator('.opblock-summary-control').click();
  await operation.locator('button.execute').click();
  const live = operation.locator('.live-responses-table .response');
  await live.waitFor();
  const status = await live.locator('.response-col_status').first().textContent();
  return [
    status?.trim().slice(0, 3) ?? null,
    JSON.parse((await live.locator('.microlight').first().textContent()) ?? ''),
  ];
}

async function authorize(token: string): Promise<void> {
  await page.click('button.authorize');
  await page.fill('.auth-container input', token);
  await page.click('.auth-btn-wrapper button.authorize');
  await page.click('.auth-btn-wrapper button.btn-done');
}

describe('Swagger UI in Chromium', () => {
  it('asks as nobody before a token is entered', async () => {
    expect(await tryOut('get', '/api/v2/me')).toEqual(['400', expect.objectContaining({ code: 1404 })]);
  });

  it('asks as the member whose token is entered, also in a page that is opened later', async () => {
    const { token, memberId } = await aGuest(api.client);
    await authorize(token);
    expect(await tryOut('get', '/api/v2/me')).toEqual(['200', expect.objectContaining({ memberId })]);
    page = await page.context().newPage();
    await page.goto(`${api.baseUrl}/swagger-ui`);
    expect(await tryOut('get', '/api/v2/me')).toEqual(['200', expect.objectContaining({ memberId })]);
  });

  it('leads from nothing to a running study, as its introduction says', async () => {
    const [status, body] = await tryOut('post', '/api/v2/auth/guest');
    expect(status).toBe('200');
    await authorize((body as { accessToken: string }).accessToken);
    expect(await tryOut('post', '/api/v2/solo-studies')).toEqual([
      '201',
      expect.objectContaining({ studyId: expect.any(Number) as number }),
    ]);
  });

  it('shows a page without an error of its own', async () => {
    const errors: string[] = [];
    page.on('pageerror', ({ message }) => void errors.push(message));
    page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
    await page.reload();
    await page.locator('.opblock').first().waitFor();
    expect(errors).toEqual([]);
  });
});
