import { Inject, Injectable } from '@nestjs/common';
import type { Config } from '@app/config';
import { TokenService } from '../auth/token.service';
import { CONFIG } from '../config.token';
import { deriveRefreshToken, proveRefreshToken, type RefreshToken } from './refresh-token';
import type { Session } from './session.entity';

/** What a device gets when it is logged in. */
export interface OpenedSession {
  readonly sessionId: Buffer;
  readonly accessToken: string;
  readonly refreshToken: string;
  /** For how long the device may keep the refresh token, in s. */
  readonly maxAgeS: number;
}

/** The tokens of logins, all made with JWT_SECRET: another secret ends every login. */
@Injectable()
export class SessionTokens {
  constructor(
    private readonly tokens: TokenService,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** The refresh token of a generation. */
  derive(token: RefreshToken): string {
    return deriveRefreshToken(this.config.tokens.secret, token);
  }

  /** @returns which refresh token a text is; `null` when it is none of ours */
  prove(text: string): RefreshToken | null {
    return proveRefreshToken(this.config.tokens.secret, text);
  }

  /** The newest tokens of a login; neither outlives it. */
  newestOf(session: Session, tokenVersion: number, now: Date): OpenedSession {
    const { id, memberId, generation, expiresAt } = session;
    return {
      sessionId: id,
      accessToken: this.tokens.forMember(memberId, tokenVersion, id, expiresAt),
      refreshToken: this.derive({ sessionId: id, generation }),
      maxAgeS: session.secondsLeft(now),
    };
  }
}
