import { createHash, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

type Name = 'kakao' | 'naver';

/** What Kakao and Naver do, as their documents say; there is nothing on npm that would do it. */
export interface ProviderFixture {
  readonly settings: Readonly<Record<string, string>>;
  /** Forms that the token endpoint was sent. */
  readonly forms: readonly URLSearchParams[];
  /**
   * Somebody logs in there.
   *
   * @param who what the user info is to be
   * @param authorizeUrl where the browser was sent; left out: by the web client's own link
   * @returns the code
   */
  codeOf(who: unknown, authorizeUrl?: string): string;
  /** From now on an endpoint answers so; `undefined`: as it should. */
  misbehave(endpoint: 'token' | 'me', how: RequestListener | undefined): void;
  stop(): Promise<void>;
}

interface Granted {
  readonly who: unknown;
  readonly redirectUri: string;
  readonly challenge: string | null;
}

/** Codes and tokens that are out. */
interface Books {
  readonly codes: Map<string, Granted>;
  readonly tokens: Map<string, unknown>;
  readonly forms: URLSearchParams[];
}

/** @param origin of the web client */
export async function startFixture(name: Name, origin: string): Promise<ProviderFixture> {
  const books: Books = { codes: new Map(), tokens: new Map(), forms: [] };
  const answers: Readonly<Record<string, RequestListener>> = {
    token: exchange(name, books),
    me: tell(books),
  };
  const faults = new Map<string, RequestListener>();
  const page = `${origin}/auth?provider=${name}`;
  const server = createServer((request, response) => {
    const endpoint = request.url?.slice(1) ?? '';
    (faults.get(endpoint) ?? answers[endpoint])?.(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    forms: books.forms,
    settings: settingsOf(name, base, page),
    codeOf: (who, authorizeUrl) => {
      const asked = new URL(authorizeUrl ?? base).searchParams;
      const code = randomUUID();
      const redirectUri = asked.get('redirect_uri') ?? page;
      books.codes.set(code, { who, redirectUri, challenge: asked.get('code_challenge') });
      return code;
    },
    misbehave: (endpoint, how) =>
      void (how === undefined ? faults.delete(endpoint) : faults.set(endpoint, how)),
    stop: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** Exchanges a code, which is good once, for a token. */
const exchange =
  (name: Name, { codes, tokens, forms }: Books): RequestListener =>
  (request, response) =>
    void bodyOf(request).then((body) => {
      const form = new URLSearchParams(body);
      forms.push(form);
      const granted = codes.get(form.get('code') ?? '');
      codes.delete(form.get('code') ?? '');
      if (granted === undefined || !matches(name, form, granted)) return refuse(name, response);
      const token = randomUUID();
      tokens.set(token, granted.who);
      return json(response, 200, { token_type: 'bearer', access_token: token, ...EXTRAS[name] });
    });

/** Tells whom a token is of. */
const tell =
  ({ tokens }: Books): RequestListener =>
  ({ headers }, response) => {
    const token = headers.authorization?.replace(/^Bearer /, '') ?? '';
    if (!tokens.has(token)) return json(response, 401, { msg: 'this access token does not exist' });
    return json(response, 200, tokens.get(token));
  };

/** Naver gives numbers as texts. */
const EXTRAS = {
  kakao: {
    expires_in: 43_199,
    refresh_token: 'r',
    refresh_token_expires_in: 5_184_000,
    scope: 'account_email',
  },
  naver: { expires_in: '3600', refresh_token: 'r' },
} as const;

/** Sends an answer with its length. */
export function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json;charset=UTF-8' }).end(JSON.stringify(body));
}

/** Naver answers its errors with 200. */
function refuse(name: Name, response: ServerResponse): void {
  if (name === 'naver')
    return json(response, 200, { error: 'invalid_request', error_description: 'no valid data' });
  return json(response, 400, {
    error: 'invalid_grant',
    error_description: 'not found',
    error_code: 'KOE320',
  });
}

function matches(name: Name, form: URLSearchParams, { redirectUri, challenge }: Granted): boolean {
  const verifier = form.get('code_verifier');
  const made = verifier === null ? null : createHash('sha256').update(verifier).digest('base64url');
  return (
    form.get('grant_type') === 'authorization_code' &&
    form.get('client_id') === `haru-at-${name}` &&
    form.get('client_secret') === `secret-at-${name}` &&
    form.get('redirect_uri') === redirectUri &&
    made === challenge &&
    (name === 'kakao' || challenge === null || form.get('state') !== null)
  );
}

function settingsOf(name: Name, base: string, page: string): Record<string, string> {
  const prefix = `OAUTH_${name.toUpperCase()}`;
  return {
    [`${prefix}_CLIENT_ID`]: `haru-at-${name}`,
    [`${prefix}_CLIENT_SECRET`]: `secret-at-${name}`,
    [`${prefix}_REDIRECT_URI`]: page,
    [`${prefix}_AUTHORIZE_URI`]: `${base}/authorize`,
    [`${prefix}_TOKEN_URI`]: `${base}/token`,
    [`${prefix}_USER_INFO_URI`]: `${base}/me`,
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request.setEncoding('utf8')) body += String(chunk);
  return body;
}
