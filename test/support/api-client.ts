import { DocumentedApi } from './documented-api';

export interface Answer<Body = unknown> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

export interface Problem {
  readonly code: number;
  readonly message: string;
  readonly status: number;
  readonly errors?: readonly { path: string; reason: string; code: number }[];
  readonly current?: { step: string; cycle: number; stepStartedAt: string };
}

export interface Ask {
  readonly token?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Sends requests as the web client does: `Content-Type: application/json` always, with a body or without. Each answer
 * is compared with the OpenAPI document.
 */
export class ApiClient {
  constructor(
    readonly baseUrl: string,
    private readonly document: DocumentedApi,
  ) {}

  get<Body = unknown>(path: string, ask: Ask = {}): Promise<Answer<Body>> {
    return this.send<Body>('GET', path, ask);
  }

  post<Body = unknown>(path: string, ask: Ask = {}): Promise<Answer<Body>> {
    return this.send<Body>('POST', path, ask);
  }

  delete<Body = unknown>(path: string, ask: Ask = {}): Promise<Answer<Body>> {
    return this.send<Body>('DELETE', path, ask);
  }

  /** @throws when the answer is not as documented */
  async send<Body>(method: string, path: string, { token, body, headers }: Ask): Promise<Answer<Body>> {
    const answer = await fetch(`${this.baseUrl}${path}`, {
      method,
      headers: {
        'content-type': 'application/json',
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...headers,
      },
      body: body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body),
      redirect: 'manual',
    });
    const text = await answer.text();
    const contentType = answer.headers.get('content-type');
    const parsed: unknown = contentType?.includes('json') && text !== '' ? JSON.parse(text) : text;
    const contradiction = this.document.contradiction(method, path.split('?')[0] ?? path, {
      status: answer.status,
      contentType,
      body: parsed,
    });
    if (contradiction !== undefined) throw new Error(contradiction);
    return { status: answer.status, headers: answer.headers, body: parsed as Body };
  }
}
