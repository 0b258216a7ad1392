import { IdentitiesService } from '../../apps/api/src/identities/identities.service';
import type { TestApi } from './api';
import type { Answer, ApiClient, Problem } from './api-client';
import type { Person } from './people';

/** Somebody with an account, logged in on one device. */
export interface Member extends Person {
  readonly refreshToken: string;
}

/** Logs in as one whom a provider knows by this subject, without asking a provider. */
export async function aMember(api: TestApi, subject: string, told: { name?: string } = {}): Promise<Member> {
  const profile = {
    provider: 'google',
    subject,
    name: '김루나',
    email: `${subject}@example.com`,
    imageUrl: `https://example.com/${subject}.png`,
    ...told,
  } as const;
  const { accessToken: token, refreshToken } = await api.app
    .get(IdentitiesService)
    .logIn(profile, `device of ${subject}`);
  const me = await api.client.get<{ memberId: number }>('/api/v2/me', { token });
  return { token, refreshToken, memberId: me.body.memberId };
}

/** Leaves the service. */
export function unregister(
  client: ApiClient,
  { token }: Person,
  reason: unknown = '공부를 다 끝냈어요.',
): Promise<Answer<Problem>> {
  return client.post<Problem>('/api/v2/unregister', { token, body: { reason } });
}
