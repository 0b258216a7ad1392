import { OAuthService } from '../../apps/api/src/oauth/oauth.service';
import type { Provider, ProviderProfile } from '../../apps/api/src/oauth/provider-profile';
import type { TestApi } from './api';
import type { Answer, Problem } from './api-client';
import { refreshTokenIn } from './logins';
import { aGuest, expectStatus, type Person } from './people';

/** What a provider tells of somebody. */
export function aProfile(
  subject: string,
  { provider = 'google', ...told }: Partial<ProviderProfile> = {},
): ProviderProfile {
  return { provider, subject, name: '루나', email: `${subject}@example.com`, imageUrl: null, ...told };
}

/**
 * Lets every provider take a subject for the code of that person: what a provider tells is tried with real ones
 * elsewhere.
 *
 * @param told what it tells of them all
 */
export function trustEveryCode({ app }: Pick<TestApi, 'app'>, told: Partial<ProviderProfile> = {}): void {
  jest
    .spyOn(app.get(OAuthService), 'profileOfCode')
    .mockImplementation((provider, code) => Promise.resolve(aProfile(code, { ...told, provider })));
}

type Client = Pick<TestApi, 'client'>;
export type LoggedIn = Answer<{ accessToken: string } & Problem>;

/** Logs in by a provider, as the web client does. */
export function logInBy(
  { client }: Client,
  subject: string,
  oauthProvider: Provider = 'google',
  token?: string,
): Promise<LoggedIn> {
  return client.post('/api/v2/auth/login', { token, body: { oauthProvider, code: subject } });
}

/** Asks for an identity. */
export function link(
  { client }: Client,
  { token }: Pick<Person, 'token'>,
  subject: string,
  oauthProvider: Provider = 'google',
): Promise<LoggedIn> {
  return client.post('/api/v2/me/identities', { token, body: { oauthProvider, code: subject } });
}

export function confirm(
  { client }: Client,
  { token }: Pick<Person, 'token'>,
  confirmation: string,
  choice: string,
): Promise<LoggedIn> {
  return client.post('/api/v2/me/identities/confirm', { token, body: { confirmation, choice } });
}

/** Who was logged in. */
export async function personOf(
  { client }: Client,
  answer: LoggedIn,
): Promise<Person & { refreshToken: string }> {
  const token = expectStatus(200, answer).body.accessToken;
  const me = expectStatus(200, await client.get<{ memberId: number }>('/api/v2/me', { token }));
  return { token, memberId: me.body.memberId, refreshToken: refreshTokenIn(answer) ?? '' };
}

/** A full member whom we know by an identity. */
export async function anOwner(api: Client, subject: string): Promise<Person> {
  return personOf(api, await logInBy(api, subject));
}

/** A guest who has claimed the identity of a member, and has not chosen yet. */
export async function aClaim(
  api: Client,
  subject: string,
  guest?: Person,
): Promise<{ guest: Person; confirmation: string }> {
  const claimant = guest ?? (await aGuest(api.client));
  const { body } = expectStatus(409, await link(api, claimant, subject));
  return { guest: claimant, confirmation: (body as unknown as { confirmation: string }).confirmation };
}
