import type { Browser, Page } from 'playwright-core';
import { waitFor } from '../../scripts/lib/wait.mjs';
import { startApi, type TestApi } from '../support/api';
import { aGuest, aLobby, aNewcomer, type Seat } from '../support/people';
import { startChromium } from './chromium';

let api: TestApi;
let browser: Browser;
let page: Page;
beforeAll(async () => {
  api = await startApi();
  browser = await startChromium();
  // Not aPage: where requests are routed, Chromium keeps nothing.
  page = await (await browser.newContext()).newPage();
  await page.goto(`${api.baseUrl}/api/v2/error-code`);
});
afterAll(async () => {
  await browser.close();
  await api.stop();
});

/** Polls the lobby as the web client does. @returns what the page sees */
function poll({ token, studyId }: Seat): Promise<[status: number, nicknames: string[]]> {
  return page.evaluate(
    async ([path, authorization]) => {
      const headers = { authorization, 'content-type': 'application/json' };
      const answer = await fetch(path, { headers });
      const { participants = [] } = (await answer.json()) as { participants?: { nickname: string }[] };
      return [answer.status, participants.map(({ nickname }) => nickname)] as [number, string[]];
    },
    [`/api/v2/waiting?studyId=${studyId}`, `Bearer ${token}`] as const,
  );
}

/** What the service answered, in this order. */
async function statuses(polls: number): Promise<unknown[]> {
  const lines = () => api.logs.filter(({ route }) => route === '/api/v2/waiting');
  await waitFor(() => lines().length >= polls, { timeoutMs: 5_000, what: `${polls} polls in the log` });
  return lines().map(({ status }) => status);
}

describe('Chromium', () => {
  it('keeps a poll for its page, asks each time whether it has changed, and shows the page 200 throughout', async () => {
    const host = await aLobby(api.client);
    expect(await poll(host)).toEqual([200, ['방장']]);
    expect(await poll(host)).toEqual([200, ['방장']]);
    expect(await poll(host)).toEqual([200, ['방장']]);
    await aNewcomer(api.client, host, '루나');
    expect(await poll(host)).toEqual([200, ['방장', '루나']]);
    expect(await poll(host)).toEqual([200, ['방장', '루나']]);
    expect(await statuses(5)).toEqual([200, 304, 304, 200, 304]);
  });

  it('never shows one member what another one in the same browser may see: the service is asked', async () => {
    const host = await aLobby(api.client);
    expect(await poll(host)).toEqual([200, ['방장']]);
    expect(await poll({ ...host, ...(await aGuest(api.client)) })).toEqual([403, []]);
    expect(await poll(host)).toEqual([200, ['방장']]);
  });
});
