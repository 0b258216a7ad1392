import type { OAuthProviderSettings } from '@app/config';
import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  ClientSecretPost,
  Configuration,
  customFetch,
  fetchProtectedResource,
  genericGrantRequest,
  type CustomFetch,
} from 'openid-client';
import { LIMITS } from '../http/limits';
import { boundedFetch } from './bounded-fetch';
import { profileOf } from './profile-of';
import type { Provider, ProviderProfile } from './provider-profile';

/** A provider's answer is not one. */
export class UselessAnswer extends Error {
  constructor(
    message: string,
    readonly status?: number,
  ) {
    super(message);
    this.name = 'UselessAnswer';
  }
}

/** What is asked for: the person's name, picture and e-mail. Kakao and Naver set that in their consoles. */
const SCOPES: Readonly<Record<Provider, string | undefined>> = {
  google: 'openid profile email',
  kakao: undefined,
  naver: undefined,
};

/** One provider. Every method throws what the library, `fetch` or {@link UselessAnswer} tell. */
export class OAuthClient {
  private readonly configuration: Configuration;
  /** Where the redirect login comes back to: on the origin of the web client, which is this service's own. */
  private readonly callback: URL;

  constructor(
    private readonly provider: Provider,
    private readonly settings: OAuthProviderSettings,
  ) {
    const { clientId, clientSecret, authorizeUri, tokenUri, redirectUri, userInfoUri } = settings;
    const server = {
      issuer: new URL(authorizeUri).origin,
      authorization_endpoint: authorizeUri,
      token_endpoint: tokenUri,
    };
    this.callback = new URL(`/api/v2/auth/oauth/${provider}/callback`, redirectUri);
    this.configuration = new Configuration(server, clientId, undefined, ClientSecretPost(clientSecret));
    this.configuration.timeout = LIMITS.providerAnswerMs / 1_000;
    this.configuration[customFetch] = boundedFetch as CustomFetch;
    // The settings allow plain http on localhost alone.
    if ([tokenUri, userInfoUri].some((uri) => uri.startsWith('http:')))
      allowInsecureRequests(this.configuration);
  }

  /** Where to send a browser, which comes back with this state. */
  async authorizeUrl(state: string, verifier: string): Promise<string> {
    const scope = SCOPES[this.provider];
    const url = buildAuthorizationUrl(this.configuration, {
      redirect_uri: this.callback.href,
      ...(scope === undefined ? {} : { scope }),
      state,
      code_challenge: await calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    });
    return url.href;
  }

  /** Whom a code is of that the web client's own page got. */
  async profileOfCode(code: string): Promise<ProviderProfile> {
    const { redirectUri } = this.settings;
    const grant = { code, redirect_uri: redirectUri };
    const { access_token } = await genericGrantRequest(this.configuration, 'authorization_code', grant);
    return this.profile(access_token);
  }

  /** Who comes back with this query. */
  async profileOfCallback(query: string, state: string, verifier: string): Promise<ProviderProfile> {
    const here = new URL(`?${query}`, this.callback);
    const checks = { expectedState: state, pkceCodeVerifier: verifier };
    // Naver wants the state at its token endpoint, too; others ignore what they do not know (RFC 6749, 3.2).
    const more = this.provider === 'naver' ? { state } : undefined;
    const { access_token } = await authorizationCodeGrant(this.configuration, here, checks, more);
    return this.profile(access_token);
  }

  private async profile(accessToken: string): Promise<ProviderProfile> {
    const url = new URL(this.settings.userInfoUri);
    const accept = new Headers({ accept: 'application/json' });
    const answer = await fetchProtectedResource(
      this.configuration,
      accessToken,
      url,
      'GET',
      undefined,
      accept,
    );
    if (answer.status !== 200) throw new UselessAnswer('no user info', answer.status);
    const profile = profileOf(this.provider, await answer.json());
    if (profile === undefined) throw new UselessAnswer('user info without a subject');
    return profile;
  }
}
