import type { Answer, ApiClient } from './api-client';

/** The cookies of one browser, which all its tabs share; no script of the client reads them. */
export class Cookies {
  private readonly values = new Map<string, string>();

  /** The `Cookie` header; none without cookies. */
  get header(): Readonly<Record<string, string>> {
    const cookie = [...this.values].map(([name, value]) => `${name}=${value}`).join('; ');
    return cookie === '' ? {} : { cookie };
  }

  get names(): readonly string[] {
    return [...this.values.keys()];
  }

  keep({ headers }: Pick<Answer, 'headers'>): void {
    for (const set of headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
      if (/; *Max-Age=0(;|$)/i.test(set)) this.values.delete(name);
      else this.values.set(name, value);
    }
  }
}

/** The HTTP layer of the web client in one tab. */
export class WebTab {
  /** What sessionStorage holds; sent with every call, those under `/auth` included. */
  token: string | undefined;
  /** Each call with its answer, such as `GET studies/{s} 200`, or `400/1404` where there is a code. */
  readonly calls: string[] = [];

  constructor(
    private readonly client: ApiClient,
    readonly cookies = new Cookies(),
  ) {}

  forgetCalls(): this {
    this.calls.length = 0;
    return this;
  }

  /** Calls, and when the token is refused gets a new one and calls again. */
  protected async call<Body>(method: string, path: string, body?: unknown): Promise<Answer<Body>> {
    const answer = await this.once<Body & { code?: number }>(method, path, body);
    const { code } = answer.body;
    if (code !== 1403 && code !== 1404) return answer;
    return (await this.refresh()) ? this.once<Body>(method, path, body) : answer;
  }

  /** One refresh, and a local sign-out when the session is over. */
  private async refresh(): Promise<boolean> {
    const { body } = await this.once<{ code?: number; accessToken?: string }>('POST', 'auth/refresh');
    if (body.code === 1402 || body.code === 1405) this.token = undefined;
    this.token = body.accessToken ?? this.token;
    return body.accessToken !== undefined;
  }

  private async once<Body>(method: string, path: string, body?: unknown): Promise<Answer<Body>> {
    const answer = await this.client.send<Body & { code?: number }>(method, `/api/v2/${path}`, {
      token: this.token,
      body,
      headers: this.cookies.header,
    });
    this.cookies.keep(answer);
    const { code } = answer.body;
    this.calls.push(`${method} ${shape(path)} ${answer.status}${code === undefined ? '' : `/${code}`}`);
    return answer;
  }
}

function shape(path: string): string {
  return (path.split('?')[0] ?? path)
    .replace(/studies\/[^/]+/, 'studies/{s}')
    .replace(/participants\/[^/]+/, 'participants/{p}');
}
