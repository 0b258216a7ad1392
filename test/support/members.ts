import type { TestApi } from './api';
import type { Answer, ApiClient, Problem } from './api-client';
import { logInBy, personOf } from './identities';
import type { Person } from './people';

/** Somebody with an account, logged in on one device. */
export interface Member extends Person {
  readonly refreshToken: string;
}

/** Logs in as the person whom a provider knows by this subject. The provider is one that trusts every code. */
export async function aMember(api: Pick<TestApi, 'client'>, subject: string): Promise<Member> {
  return personOf(api, await logInBy(api, subject));
}

/** Leaves the service. */
export function unregister(
  client: ApiClient,
  { token }: Person,
  reason: unknown = '공부를 다 끝냈어요.',
): Promise<Answer<Problem>> {
  return client.post<Problem>('/api/v2/unregister', { token, body: { reason } });
}

/** Changes what a member says of themselves. */
export function changeProfile(
  client: ApiClient,
  { token }: Person,
  wish: Readonly<Record<string, unknown>>,
): Promise<Answer<Problem>> {
  return client.send<Problem>('PATCH', '/api/v2/me', { token, body: wish });
}
