import { Injectable, Logger } from '@nestjs/common';
import { DomainError } from '@app/kernel';
import { toDomainError } from '../http/problem.filter';
import { IdentitiesService } from '../identities/identities.service';
import { OAuthService, type BegunLogin, type ComingBack } from '../oauth/oauth.service';
import type { Provider } from '../oauth/provider-profile';
import { SessionsService, type OpenedSession } from '../sessions/sessions.service';

/** The device on which somebody logs in. */
export interface LoginDevice {
  /** What it calls itself (`User-Agent`). */
  readonly name: string | undefined;
  /** Its refresh token of an earlier login. */
  readonly shown: string | undefined;
}

/** Where a browser is sent that came back from a provider, and as whom. */
export interface Return {
  readonly location: string;
  readonly session?: OpenedSession;
  /** Code of what went wrong. */
  readonly failureCode?: number;
}

/** Logs members in. Nobody is linked to anything unless the login was begun for that. */
@Injectable()
export class LoginService {
  private readonly logger = new Logger('Login');

  constructor(
    private readonly oauth: OAuthService,
    private readonly identities: IdentitiesService,
    private readonly sessions: SessionsService,
  ) {}

  /**
   * Logs in by the code that the provider gave to the web client. The client decodes it once, its provider may have
   * encoded it twice: it is decoded once more, as far as it can be.
   *
   * @throws UnknownProvider, ProviderFailed
   */
  async logIn(provider: Provider, code: string, device: LoginDevice): Promise<OpenedSession> {
    const profile = await this.oauth.profileOfCode(provider, decoded(code));
    return this.replacing(device, this.identities.logIn(profile, device.name));
  }

  /**
   * Ends a login by redirects. Once it is known where the browser wanted to go, it goes there whatever happens.
   *
   * @throws UnknownProvider, LoginStateInvalid
   */
  async comeBack(from: ComingBack, device: LoginDevice): Promise<Return> {
    const begun = await this.oauth.takeBack(from);
    try {
      const session = await this.replacing(device, this.open(begun, device));
      return { location: begun.returnTo, session };
    } catch (error) {
      if (!(error instanceof DomainError)) this.logger.error({ err: error }, 'a login failed');
      const problem = toDomainError(error);
      return { location: withProblem(begun.returnTo, problem), failureCode: problem.code };
    }
  }

  private async open(begun: BegunLogin, { name }: LoginDevice): Promise<OpenedSession> {
    const profile = await this.oauth.profileOf(begun);
    return begun.linkTo === null
      ? this.identities.logIn(profile, name)
      : this.identities.link(begun.linkTo, profile, { name, sessionId: null });
  }

  /** The new login takes the place of the one that the device had. */
  private async replacing({ shown }: LoginDevice, opening: Promise<OpenedSession>): Promise<OpenedSession> {
    const session = await opening;
    if (shown !== undefined) await this.sessions.endBy(shown);
    return session;
  }
}

function decoded(code: string): string {
  try {
    return decodeURIComponent(code);
  } catch {
    return code;
  }
}

/** What is secret of a problem goes into the fragment, which no server sees and no log keeps. */
function withProblem(page: string, { code, extensions }: DomainError): string {
  const url = new URL(page);
  url.searchParams.set('error', String(code));
  const { confirmation, choices } = extensions;
  if (typeof confirmation === 'string' && Array.isArray(choices))
    url.hash = new URLSearchParams({ confirmation, choices: choices.join(',') }).toString();
  return url.href;
}
