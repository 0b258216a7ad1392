import { OAUTH_PROVIDERS, type OAuthProviderName } from '@app/config';

/** Who a person can be known by, in the lower-case names of the contract. */
export const PROVIDERS = OAUTH_PROVIDERS;
export type Provider = OAuthProviderName;

export function isProvider(name: unknown): name is Provider {
  return (PROVIDERS as readonly unknown[]).includes(name);
}

/** Whom a provider says somebody is, in one form for all of them. */
export interface ProviderProfile {
  readonly provider: Provider;
  /** the provider's own key of the person: never changes, unlike an e-mail address */
  readonly subject: string;
  readonly name: string;
  /** only an address that the provider itself says is verified */
  readonly email: string | null;
  readonly imageUrl: string | null;
}
