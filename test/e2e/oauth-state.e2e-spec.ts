import { Clock } from '@app/kernel';
import { HousekeepingService } from '../../apps/api/src/housekeeping/housekeeping.service';
import { pathOf, type TestBrowser } from '../support/oauth-browser';
import { HOME, startLoginWorld, type LoginWorld } from '../support/oauth-login';
import { refusal } from '../support/people';

let world: LoginWorld;
beforeAll(async () => {
  world = await startLoginWorld();
});
afterAll(() => world.stop());

const locationOf = ({ headers }: { headers: Headers }) => headers.get('location');

describe('a state', () => {
  const CALLBACK = '/api/v2/auth/oauth/google/callback';
  const refused = async (browser: TestBrowser, path: string) => {
    const answer = await browser.get(path);
    expect(answer.headers.getSetCookie()).toEqual([]);
    expect(locationOf(answer)).toBeNull();
    return refusal(answer);
  };
  const changed = (back: URL, change: (query: URLSearchParams) => void) => {
    const copy = new URL(back);
    change(copy.searchParams);
    return pathOf(copy);
  };

  it('that is missing or empty is refused', async () => {
    const { browser, back } = await world.aboutToReturn();
    expect(await refused(browser, CALLBACK)).toEqual([400, 1408]);
    expect(await refused(browser, `${CALLBACK}?`)).toEqual([400, 1408]);
    expect(
      await refused(
        browser,
        changed(back, (query) => query.delete('state')),
      ),
    ).toEqual([400, 1408]);
    expect(
      await refused(
        browser,
        changed(back, (query) => query.set('state', '')),
      ),
    ).toEqual([400, 1408]);
    expect(locationOf(await browser.get(pathOf(back)))).toBe(HOME);
  });

  it('that is given twice, or is another one, is refused', async () => {
    const { browser, back } = await world.aboutToReturn();
    expect(
      await refused(
        browser,
        changed(back, (query) => query.append('state', 'x')),
      ),
    ).toEqual([400, 1408]);
    expect(
      await refused(
        browser,
        changed(back, (query) => query.set('state', 'x'.repeat(43))),
      ),
    ).toEqual([400, 1408]);
    expect(
      await refused(
        browser,
        changed(back, (query) => query.set('state', '\0%ff가')),
      ),
    ).toEqual([400, 1408]);
  });

  it('is good once, also when both state and cookie are replayed', async () => {
    const { browser, back } = await world.aboutToReturn();
    const cookie = browser.cookie('loginBrowser') ?? '';
    expect(locationOf(await browser.get(pathOf(back)))).toBe(HOME);
    browser.setCookie('loginBrowser', cookie);
    expect(await refused(browser, pathOf(back))).toEqual([400, 1408]);
  });

  it('is good once of many times at once', async () => {
    for (let round = 0; round < 10; round += 1) {
      const browser = world.aBrowser();
      const path = world.fromNaver(await browser.begin('naver', HOME), `동시 ${round}`);
      const answers = await Promise.all(Array.from({ length: 10 }, () => browser.get(path)));
      expect(answers.map(({ status }) => status).sort()).toEqual([302, ...Array<number>(9).fill(400)]);
    }
  });

  it('is good for ten minutes to the millisecond', async () => {
    const clock = world.api.app.get(Clock);
    const begun = new Date('2026-11-20T03:00:00.000Z');
    for (const [laterMs, status] of [
      [599_999, 302],
      [600_000, 400],
    ] as const) {
      const now = jest.spyOn(clock, 'now').mockReturnValue(begun);
      const browser = world.aBrowser();
      const path = world.fromNaver(await browser.begin('naver', HOME), '느린 사람');
      now.mockReturnValue(new Date(begun.getTime() + laterMs));
      expect((await browser.get(path)).status).toBe(status);
      now.mockRestore();
    }
  });

  it('of another browser is refused, whose login goes on: nobody is logged in as somebody else', async () => {
    const { browser: attacker, back } = await world.aboutToReturn('attacker');
    const victim = world.aBrowser();
    expect(await refused(victim, pathOf(back))).toEqual([400, 1408]);
    await victim.begin('google', HOME);
    expect(await refused(victim, pathOf(back))).toEqual([400, 1408]);
    expect(locationOf(await attacker.get(pathOf(back)))).toBe(HOME);
  });

  it.each(['', 'x', 'AAAAAAAAAAAAAAAAAAAAAA', 'AAAAAAAAAAAAAAAAAAAAAA.AAAA', '.', '%00'])(
    'with a browser cookie that we have not signed is refused: %j',
    async (cookie) => {
      const { browser, back } = await world.aboutToReturn();
      browser.setCookie('loginBrowser', cookie);
      expect(await refused(browser, pathOf(back))).toEqual([400, 1408]);
    },
  );

  it('with a browser cookie whose name was changed under its signature is refused', async () => {
    const { browser, back } = await world.aboutToReturn();
    const [, signature = ''] = (browser.cookie('loginBrowser') ?? '').split('.');
    browser.setCookie('loginBrowser', `${'A'.repeat(22)}.${signature}`);
    expect(await refused(browser, pathOf(back))).toEqual([400, 1408]);
  });

  it('of another provider is refused', async () => {
    const { browser, back } = await world.aboutToReturn();
    expect(await refused(browser, pathOf(back).replace('/google/', '/naver/'))).toEqual([400, 1408]);
    expect(await refused(browser, pathOf(back).replace('/google/', '/kakao/'))).toEqual([400, 1400]);
    expect(await refused(browser, pathOf(back).replace('/google/', '/github/'))).toEqual([400, 1400]);
  });

  it('is forgotten once it is over, and not before', async () => {
    const { browser, back } = await world.aboutToReturn();
    await world.api.sql("UPDATE oauth_state SET expires_at = '2026-01-01'");
    const begun = await world.aboutToReturn();
    await world.api.app.get(HousekeepingService).tidy();
    expect(await world.api.sql('SELECT COUNT(*) AS left_over FROM oauth_state')).toEqual([{ left_over: 1 }]);
    expect(await refused(browser, pathOf(back))).toEqual([400, 1408]);
    expect((await begun.browser.get(pathOf(begun.back))).status).toBe(302);
  });
});
