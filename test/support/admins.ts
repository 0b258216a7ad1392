import { hashPassword } from '../../apps/api/src/admin/admin-password';
import type { TestApi } from './api';
import type { Answer, Ask } from './api-client';
import { expectStatus } from './people';

export const ADMIN = { account: '운영자', password: 'correct horse battery' } as const;

/** An administrator who is logged in. */
export interface Admin {
  readonly id: number;
  /** The `Cookie` header. */
  readonly cookie: string;
  get<Body = unknown>(path: string, ask?: Ask): Promise<Answer<Body>>;
}

/** Adds an account behind the service's back. @returns its id */
export async function anAdminAccount(
  { sql }: Pick<TestApi, 'sql'>,
  { account, password }: Readonly<{ account: string; password: string }> = ADMIN,
): Promise<number> {
  const hash = await hashPassword(password);
  await sql('INSERT INTO admin (account, password_hash, created_at) VALUES (?, ?, NOW(3))', [account, hash]);
  const [row] = await sql<{ id: number }>('SELECT id FROM admin WHERE account = ?', [account]);
  return row?.id ?? 0;
}

/** Sends the login as the admin client does. */
export function tryToLogIn(
  { client }: Pick<TestApi, 'client'>,
  fields: Readonly<Record<string, string>> = ADMIN,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  return client.post('/api/admin/login', {
    body: new URLSearchParams(fields).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
  });
}

/** @returns name and value of the first cookie that an answer sets */
export function cookieOf({ headers }: Pick<Answer, 'headers'>): string {
  return headers.getSetCookie()[0]?.split(';')[0] ?? '';
}

/** Makes an account and logs in. */
export async function anAdmin(
  api: TestApi,
  credentials: Readonly<{ account: string; password: string }> = ADMIN,
): Promise<Admin> {
  const id = await anAdminAccount(api, credentials);
  const cookie = cookieOf(expectStatus(200, await tryToLogIn(api, { ...credentials })));
  return {
    id,
    cookie,
    get: (path, ask = {}) => api.client.get(path, { ...ask, headers: { cookie, ...ask.headers } }),
  };
}
