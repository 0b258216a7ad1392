import { types } from 'node:util';
import { Inject, Injectable, Logger } from '@nestjs/common';
import type { Config } from '@app/config';
import { Clock } from '@app/kernel';
import { AuthorizationResponseError, randomState, ResponseBodyError } from 'openid-client';
import { hashSecretText } from '../auth/secret-text';
import { CONFIG } from '../config.token';
import { LIMITS } from '../http/limits';
import { deriveVerifier } from './login-state';
import { LoginStatesRepository, type LoginAim } from './login-states.repository';
import { OAuthClient } from './oauth-client';
import {
  LoginDeclined,
  LoginStateInvalid,
  ProviderFailed,
  ReturnNotListed,
  UnknownProvider,
} from './oauth.errors';
import { PROVIDERS, type Provider, type ProviderProfile } from './provider-profile';

/** A login that a browser is to begin. */
export interface LoginWish {
  readonly provider: Provider;
  /** Page to come back to: one of `OAUTH_RETURN_URLS`, to the letter. */
  readonly returnTo: string;
  /** The browser's name: see browser-cookie. */
  readonly browser: string;
  /** The member who gets the identity; left out: somebody logs in. */
  readonly linkTo?: number;
}

/** A browser that comes back from a provider. */
export interface ComingBack {
  readonly provider: Provider;
  /** As it came, without the question mark: `code=…&state=…`. */
  readonly query: string;
  readonly browser: string | undefined;
}

/** A login that came back, and was ours. */
export interface BegunLogin extends LoginAim {
  readonly provider: Provider;
  readonly query: string;
  readonly state: string;
}

/** OAuth's own error codes; anything else that a provider calls one is not logged. */
const PLAIN_CODE = /^[\w.-]{1,64}$/;

/** Asks login providers who somebody is. */
@Injectable()
export class OAuthService {
  private readonly logger = new Logger('OAuth');
  private readonly clients: ReadonlyMap<Provider, OAuthClient>;

  constructor(
    private readonly states: LoginStatesRepository,
    private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
  ) {
    const { providers } = config.oauth;
    this.clients = new Map(
      PROVIDERS.flatMap((name) => {
        const settings = providers[name];
        return settings === undefined ? [] : [[name, new OAuthClient(name, settings)] as const];
      }),
    );
  }

  /**
   * Whom a code is of that the provider gave to the web client's page.
   *
   * @throws UnknownProvider when it is not configured here
   * @throws ProviderFailed also when the code is wrong, old or used
   */
  profileOfCode(provider: Provider, code: string): Promise<ProviderProfile> {
    const client = this.clientOf(provider);
    return this.asking(provider, () => client.profileOfCode(code));
  }

  /**
   * Begins a login by redirects.
   *
   * @returns the provider's address, to which this browser is to go
   * @throws UnknownProvider, ReturnNotListed
   */
  async begin({ provider, returnTo, browser, linkTo }: LoginWish): Promise<string> {
    const client = this.clientOf(provider);
    if (!this.config.oauth.returnUrls.includes(returnTo)) throw notListed();
    const state = randomState();
    const key = { stateHash: hashSecretText(state), browserHash: hashSecretText(browser), provider };
    const expiresAt = new Date(this.clock.now().getTime() + LIMITS.loginStateMs);
    await this.states.insert(key, { returnTo, linkTo: linkTo ?? null }, expiresAt);
    return client.authorizeUrl(state, this.verifierOf(state));
  }

  /**
   * Recognises a login that comes back, once.
   *
   * @throws UnknownProvider
   * @throws LoginStateInvalid when it was not begun by this browser with this provider, or came back before
   */
  async takeBack({ provider, query, browser }: ComingBack): Promise<BegunLogin> {
    this.clientOf(provider);
    const [state, ...more] = new URLSearchParams(query).getAll('state');
    if (state === undefined || state === '' || more.length > 0 || browser === undefined)
      throw new LoginStateInvalid();
    const key = { stateHash: hashSecretText(state), browserHash: hashSecretText(browser), provider };
    const aim = await this.states.take(key, this.clock.now());
    if (aim === undefined) throw new LoginStateInvalid();
    return { ...aim, provider, query, state };
  }

  /**
   * Whom a login that came back is of.
   *
   * @throws LoginDeclined, ProviderFailed
   */
  async profileOf({ provider, query, state }: BegunLogin): Promise<ProviderProfile> {
    const client = this.clientOf(provider);
    const code = new URLSearchParams(query).get('code') ?? '';
    if (code.length > LIMITS.providerCode.max) throw new ProviderFailed();
    return this.asking(provider, () => client.profileOfCallback(query, state, this.verifierOf(state)));
  }

  /** Forgets logins that never came back, a bounded number at a time. */
  prune(now: Date): Promise<number> {
    return this.states.prune(now);
  }

  private clientOf(provider: Provider): OAuthClient {
    const client = this.clients.get(provider);
    if (client !== undefined) return client;
    throw new UnknownProvider([{ path: '', reason: 'the provider is not available here', code: 1400 }]);
  }

  private verifierOf(state: string): string {
    return deriveVerifier(this.config.tokens.secret, state);
  }

  /** Whatever goes wrong there is one failure here; nothing of an answer is logged, since it may hold tokens. */
  private async asking<T>(provider: Provider, ask: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (error) {
      if (error instanceof AuthorizationResponseError && error.error === 'access_denied')
        throw new LoginDeclined();
      this.logger.warn({ provider, ...reasonOf(error) }, 'a login provider failed');
      throw new ProviderFailed();
    }
  }
}

function reasonOf(error: unknown) {
  const { name, code } = rootOf(error) as { name?: string; code?: unknown };
  const { status } = error as { status?: number };
  const told =
    error instanceof ResponseBodyError || error instanceof AuthorizationResponseError
      ? error.error
      : undefined;
  return {
    reason: typeof code === 'string' ? code : name,
    status,
    told: told !== undefined && PLAIN_CODE.test(told) ? told : undefined,
  };
}

/** The library and `fetch` wrap what happened. */
function rootOf(error: unknown): unknown {
  const { cause } = error as { cause?: unknown };
  return types.isNativeError(cause) || cause instanceof DOMException ? rootOf(cause) : error;
}

function notListed(): ReturnNotListed {
  const reason = 'must be one of the listed pages, to the letter';
  return new ReturnNotListed([{ path: 'returnTo', reason, code: 1409 }]);
}
