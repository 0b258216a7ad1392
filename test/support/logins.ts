import { Transactor } from '@app/database';
import { Member } from '../../apps/api/src/members/member.entity';
import { SessionsService } from '../../apps/api/src/sessions/sessions.service';
import type { TestApi } from './api';
import type { Answer } from './api-client';
import type { Person } from './people';

/** A member on a device where they are logged in. */
export interface Device extends Person {
  readonly refreshToken: string;
}

/** A member who came by a login provider. @returns the id */
export async function aMember({ app }: Pick<TestApi, 'app'>, name = '하루'): Promise<number> {
  const member = Object.assign(Member.guest(new Date()), { name, loginType: 'google' as const });
  await app.get(Transactor).write((em) => em.insert(Member, member));
  return member.id;
}

/** Logs a member in as the way back from a provider does: a new one, unless told. */
export async function logIn(
  api: Pick<TestApi, 'app' | 'sql'>,
  memberId?: number,
  userAgent: string | null = 'Firefox',
): Promise<Device> {
  const id = memberId ?? (await aMember(api));
  const [row] = await api.sql<{ tokenVersion: number }>(
    'SELECT token_version AS tokenVersion FROM member WHERE id = ?',
    [id],
  );
  const member = { id, tokenVersion: row?.tokenVersion ?? 0 };
  const opened = await api.app
    .get(Transactor)
    .write((em) => api.app.get(SessionsService).open(em, member, userAgent ?? undefined));
  return { memberId: id, token: opened.accessToken, refreshToken: opened.refreshToken };
}

/** Shows a refresh token as the browser does. */
export function refresh(
  { client }: Pick<TestApi, 'client'>,
  refreshToken: string,
): Promise<Answer<{ accessToken: string }>> {
  return client.post('/api/v2/auth/refresh', { headers: { cookie: `refreshToken=${refreshToken}` } });
}

/** Logs a device out. */
export function logOut({ client }: Pick<TestApi, 'client'>, refreshToken: string): Promise<Answer> {
  return client.post('/api/v2/auth/logout', { headers: { cookie: `refreshToken=${refreshToken}` } });
}

/** What the browser keeps of an answer's cookie; `undefined` when it came with none. */
export function refreshTokenIn({ headers }: Answer): string | undefined {
  return /^refreshToken=([^;]*)/.exec(headers.get('set-cookie') ?? '')?.[1];
}

/** Whether an access token lets its member in: 200, or the code of the refusal. */
export async function entryWith({ client }: Pick<TestApi, 'client'>, token: string): Promise<number> {
  const { status, body } = await client.get<{ code?: number }>('/api/v2/me', { token });
  return body.code ?? status;
}
