import type { Answer, ApiClient } from './api-client';

const MAX_STEPS = 20;

/** As much of a browser as a login by redirects needs: cookies, redirects, forms. One is one person at one machine. */
export class TestBrowser {
  /** Origin to the cookies that it set. */
  private readonly jar = new Map<string, Map<string, string>>();

  constructor(private readonly client: ApiClient) {}

  /** Opens an address of the service. The answer is compared with its documents. */
  async get(path: string): Promise<Answer> {
    const { baseUrl } = this.client;
    const answer = await this.client.get(path, { headers: { cookie: this.cookiesOf(baseUrl) } });
    this.keep(baseUrl, answer.headers);
    return answer;
  }

  async post(path: string, body?: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    const { baseUrl } = this.client;
    const cookie = this.cookiesOf(baseUrl);
    const answer = await this.client.post(path, { body, headers: { ...headers, cookie } });
    this.keep(baseUrl, answer.headers);
    return answer;
  }

  /** A cookie of the service. */
  cookie(name: string): string | undefined {
    return this.cookiesAt(this.client.baseUrl).get(name);
  }

  setCookie(name: string, value: string): void {
    this.cookiesAt(this.client.baseUrl).set(name, value);
  }

  /** Begins a login. @returns the provider's address */
  async begin(provider: string, returnTo: string): Promise<string> {
    const { status, headers } = await this.get(beginning(provider, returnTo));
    if (status !== 302) throw new Error(`no login begins: ${status}`);
    return headers.get('location') ?? '';
  }

  /**
   * Logs in on the provider's pages, or cancels there.
   *
   * @returns the address to which the provider sends the browser
   */
  async logInAt(authorizeUrl: string, login: string | null): Promise<URL> {
    const { origin } = new URL(authorizeUrl);
    let url = authorizeUrl;
    let form: URLSearchParams | undefined;
    for (let step = 0; step < MAX_STEPS; step += 1) {
      const answer = await this.visit(url, form);
      const location = answer.headers.get('location');
      const page = await answer.text();
      if (location !== null) {
        const next = new URL(location, url);
        if (next.origin !== origin) return next;
        [url, form] = [next.href, undefined];
      } else if (login === null) {
        [url, form] = [addressIn(page, /<a href="([^"]+)">\[ Cancel/, url), undefined];
      } else {
        url = addressIn(page, /<form[^>]* action="([^"]+)"/, url);
        const prompt = page.includes('value="login"') ? 'login' : 'consent';
        form = new URLSearchParams({ prompt, login, password: 'any' });
      }
    }
    throw new Error(`the provider does not end: ${url}`);
  }

  private async visit(url: string, form: URLSearchParams | undefined): Promise<Response> {
    const { origin } = new URL(url);
    const answer = await fetch(url, {
      method: form === undefined ? 'GET' : 'POST',
      body: form,
      headers: { cookie: this.cookiesOf(origin) },
      redirect: 'manual',
    });
    this.keep(origin, answer.headers);
    return answer;
  }

  private cookiesAt(origin: string): Map<string, string> {
    const cookies = this.jar.get(origin) ?? new Map<string, string>();
    this.jar.set(origin, cookies);
    return cookies;
  }

  private cookiesOf(origin: string): string {
    return [...this.cookiesAt(origin)].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  private keep(origin: string, headers: Headers): void {
    for (const cookie of headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      if (value === '') this.cookiesAt(origin).delete(name);
      else this.cookiesAt(origin).set(name, value);
    }
  }
}

/** Path at which a login begins. */
export function beginning(provider: string, returnTo: string): string {
  return `/api/v2/auth/oauth/${provider}?returnTo=${encodeURIComponent(returnTo)}`;
}

/** Path of the service of an address to which a provider sends a browser. */
export function pathOf({ pathname, search }: URL): string {
  return `${pathname}${search}`;
}

function addressIn(page: string, pattern: RegExp, base: string): string {
  const [, found] = pattern.exec(page) ?? [];
  if (found === undefined) throw new Error(`nothing of ${String(pattern)} in ${page}`);
  return new URL(found.replaceAll('&amp;', '&'), base).href;
}
