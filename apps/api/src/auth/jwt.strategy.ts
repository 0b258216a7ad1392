import { Inject, Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import type { Config } from '@app/config';
import { Clock } from '@app/kernel';
import { Strategy } from 'passport-jwt';
import { CONFIG } from '../config.token';
import { bearerTokenOf } from './bearer';
import { TOKEN_RULES, tokenKey, type AccessClaims } from './token.service';

/** Who sends the request, as its access token says. */
export interface Caller {
  readonly memberId: number;
  /** Of the member when the token was made: the token ends when the member's grows. */
  readonly tokenVersion: number;
  /** The login that the token came from; `null` for guests, who have none. */
  readonly sessionId: Buffer | null;
  /** When the token's life is over, in ms since the epoch. */
  readonly expiresAtMs: number;
}

const MEMBER_ID = /^[1-9]\d{0,9}$/;
/** 16 bytes in base64url. */
const SESSION_ID = /^[\w-]{22}$/;

@Injectable()
export class JwtStrategy extends PassportStrategy(Strategy) {
  constructor(
    private readonly clock: Clock,
    @Inject(CONFIG) config: Config,
  ) {
    super({
      jwtFromRequest: (request) => bearerTokenOf(request.headers.authorization),
      // The types know texts only; the library hands a KeyObject on to node's crypto unchanged.
      secretOrKey: tokenKey(config) as unknown as Buffer,
      algorithms: [TOKEN_RULES.algorithm],
      audience: TOKEN_RULES.audience,
      // Looked at below, by the service's own clock.
      ignoreExpiration: true,
    });
  }

  /** @returns the caller, or `false` (refused with 1403) when the token is not an access token of a member */
  validate({ sub, typ, exp, ver = 0, sid }: Partial<Record<keyof AccessClaims, unknown>>): Caller | false {
    const isOfMember = typeof sub === 'string' && MEMBER_ID.test(sub);
    if (!isOfMember || typ !== TOKEN_RULES.type) return false;
    if (typeof exp !== 'number' || this.clock.now().getTime() >= exp * 1_000) return false;
    if (!Number.isInteger(ver) || !isSessionId(sid)) return false;
    return {
      memberId: Number(sub),
      tokenVersion: ver as number,
      sessionId: sid === undefined ? null : Buffer.from(sid, 'base64url'),
      expiresAtMs: exp * 1_000,
    };
  }
}

function isSessionId(sid: unknown): sid is string | undefined {
  return sid === undefined || (typeof sid === 'string' && SESSION_ID.test(sid));
}
