import { startApi, type TestApi } from './api';
import { TestBrowser } from './oauth-browser';
import { startFixture, type ProviderFixture } from './oauth-fixture';
import { startGoogle, type Google } from './oauth-google';

export const ORIGIN = 'http://localhost:3001';
/** The pages on which a login may end. */
export const HOME = `${ORIGIN}/`;
export const PAGE = `${ORIGIN}/after?tab=1`;

/** The service with Google and Naver, where people log in by redirects. */
export interface LoginWorld {
  readonly api: TestApi;
  readonly google: Google;
  readonly naver: ProviderFixture;
  aBrowser(): TestBrowser;
  /**
   * A browser that has been at Google and is about to come back.
   *
   * @param login `null`: the person cancelled there
   */
  aboutToReturn(login?: string | null, returnTo?: string): Promise<{ browser: TestBrowser; back: URL }>;
  /** Path to which Naver sends a browser that it was sent by this address. */
  fromNaver(authorizeUrl: string, nickname: string): string;
  stop(): Promise<void>;
}

export async function startLoginWorld(): Promise<LoginWorld> {
  const [google, naver] = await Promise.all([startGoogle(ORIGIN), startFixture('naver', ORIGIN)]);
  const api = await startApi({
    ...google.settings,
    ...naver.settings,
    OAUTH_RETURN_URLS: `${HOME},${PAGE}`,
  });
  const aBrowser = () => new TestBrowser(api.client);
  return {
    api,
    google,
    naver,
    aBrowser,
    aboutToReturn: async (login = 'minji', returnTo = HOME) => {
      const browser = aBrowser();
      return { browser, back: await browser.logInAt(await browser.begin('google', returnTo), login) };
    },
    fromNaver: (authorizeUrl, nickname) => {
      const state = new URL(authorizeUrl).searchParams.get('state') ?? '';
      const code = naver.codeOf({ resultcode: '00', response: { id: nickname, nickname } }, authorizeUrl);
      return `/api/v2/auth/oauth/naver/callback?${new URLSearchParams({ code, state }).toString()}`;
    },
    stop: async () => {
      await api.stop();
      await Promise.all([google.stop(), naver.stop()]);
    },
  };
}
