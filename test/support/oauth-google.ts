import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { ROOT } from '../../scripts/lib/paths.mjs';

/** A real OpenID provider in a process of its own, in the place of Google. */
export interface Google {
  /** Settings by which the service finds it. */
  readonly settings: Readonly<Record<string, string>>;
  readonly origin: string;
  stop(): Promise<void>;
}

const CLIENT_ID = 'haru-study';
const CLIENT_SECRET = 'secret-of-the-client-at-google';

/** @param origin of the web client, where the service is reached, too */
export async function startGoogle(origin: string): Promise<Google> {
  const page = `${origin}/auth?provider=google`;
  const callback = `${origin}/api/v2/auth/oauth/google/callback`;
  const script = join(ROOT, 'test/support/oauth-google.mjs');
  const child = spawn(process.execPath, [script, CLIENT_ID, CLIENT_SECRET, page, callback], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const port = await new Promise<string>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the provider ended with ${code}`)));
    child.stdout.on('data', (chunk) => {
      const [, found] = /listening on (\d+)/.exec(String(chunk)) ?? [];
      if (found !== undefined) resolve(found);
    });
  });
  const google = `http://127.0.0.1:${port}`;
  return {
    origin: google,
    settings: {
      OAUTH_GOOGLE_CLIENT_ID: CLIENT_ID,
      OAUTH_GOOGLE_CLIENT_SECRET: CLIENT_SECRET,
      OAUTH_GOOGLE_REDIRECT_URI: page,
      OAUTH_GOOGLE_AUTHORIZE_URI: `${google}/auth`,
      OAUTH_GOOGLE_TOKEN_URI: `${google}/token`,
      OAUTH_GOOGLE_USER_INFO_URI: `${google}/me`,
    },
    stop: async () => {
      child.stdin.end();
      await once(child, 'exit');
    },
  };
}

/** Where the web client's own link leads: no state, no PKCE. */
export function linkOfWebClient({ settings }: Google): string {
  const url = new URL(settings['OAUTH_GOOGLE_AUTHORIZE_URI'] ?? '');
  url.searchParams.set('client_id', CLIENT_ID);
  url.searchParams.set('redirect_uri', settings['OAUTH_GOOGLE_REDIRECT_URI'] ?? '');
  url.searchParams.set('response_type', 'code');
  url.searchParams.set('scope', 'openid profile email');
  return url.href;
}
