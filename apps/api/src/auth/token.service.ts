import { createSecretKey, type KeyObject } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import type { Config } from '@app/config';
import { Clock } from '@app/kernel';
import { CONFIG } from '../config.token';

export const TOKEN_RULES = { algorithm: 'HS256', audience: 'haru-study', type: 'access' } as const;

export interface AccessClaims {
  /** Member id, as text. */
  readonly sub: string;
  readonly typ: string;
  /** The member's token version; left out by releases that knew none, which is 0. */
  readonly ver?: number;
  /** Id of the login, in base64url; guests have none. */
  readonly sid?: string;
  /** When it ends, in seconds since the epoch. */
  readonly exp: number;
}

/** A text as secret would cost 328 us a check, since the library first tries it as a public key; this costs 6. */
export function tokenKey(config: Config): KeyObject {
  return createSecretKey(Buffer.from(config.tokens.secret, 'utf8'));
}

/** Makes access tokens: RFC 7519, one fixed algorithm. */
@Injectable()
export class TokenService {
  constructor(
    private readonly jwt: JwtService,
    private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** @returns a token that lives as long as GUEST_TOKEN_TTL_S says, since a guest cannot refresh it */
  forGuest(memberId: number): string {
    return this.sign({ sub: String(memberId), ver: 0 }, this.config.tokens.guestTtlS);
  }

  /**
   * @param endsAt when the login ends at the latest
   * @returns a token that lives as long as ACCESS_TOKEN_TTL_S says, but ends with its login
   */
  forMember(memberId: number, tokenVersion: number, sessionId: Buffer, endsAt: Date): string {
    const claims = { sub: String(memberId), ver: tokenVersion, sid: sessionId.toString('base64url') };
    return this.sign(claims, this.config.tokens.accessTtlS, secondsOf(endsAt));
  }

  private sign(claims: Pick<AccessClaims, 'sub' | 'ver' | 'sid'>, ttlS: number, endS = Infinity): string {
    const issuedAtS = secondsOf(this.clock.now());
    const rules = { typ: TOKEN_RULES.type, aud: TOKEN_RULES.audience };
    return this.jwt.sign({ ...claims, ...rules, iat: issuedAtS, exp: Math.min(issuedAtS + ttlS, endS) });
  }
}

/** Whole seconds since the epoch, as the claims count. */
function secondsOf(instant: Date): number {
  return Math.floor(instant.getTime() / 1_000);
}
