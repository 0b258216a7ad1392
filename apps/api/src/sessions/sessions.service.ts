import { randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { Config } from '@app/config';
import { Clock } from '@app/kernel';
import type { EntityManager } from 'typeorm';
import { TokenService } from '../auth/token.service';
import { CONFIG } from '../config.token';
import { deriveRefreshToken, hashRefreshToken } from './refresh-token';
import { Session } from './session.entity';
import { SessionsRepository } from './sessions.repository';

/** What a device gets when it is logged in. */
export interface OpenedSession {
  readonly accessToken: string;
  readonly refreshToken: string;
  /** For how long the device may keep the refresh token, in s. */
  readonly maxAgeS: number;
}

/** Who logs in. */
export type LoggingIn = Readonly<{ id: number; tokenVersion: number }>;

/** `User-Agent` is kept up to here, in UTF-16 units. */
const DEVICE_LENGTH = 200;
const SESSION_ID_BYTES = 16;

@Injectable()
export class SessionsService {
  constructor(
    private readonly sessions: SessionsRepository,
    private readonly tokens: TokenService,
    private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /**
   * Logs a member in on one more device.
   *
   * @param device what the device calls itself (`User-Agent`)
   */
  async open(em: EntityManager, member: LoggingIn, device: string | undefined): Promise<OpenedSession> {
    const { secret, refreshTtlS } = this.config.tokens;
    const now = this.clock.now();
    const id = randomBytes(SESSION_ID_BYTES);
    const refreshToken = deriveRefreshToken(secret, { sessionId: id, generation: 0 });
    const session = Object.assign(new Session(), {
      id,
      memberId: member.id,
      generation: 0,
      tokenHash: hashRefreshToken(refreshToken),
      device: device?.slice(0, DEVICE_LENGTH) ?? null,
      createdAt: now,
      lastUsedAt: now,
      expiresAt: new Date(now.getTime() + refreshTtlS * 1_000),
    });
    await this.sessions.insert(em, session);
    const accessToken = this.tokens.forMember(member.id, member.tokenVersion, id);
    return { accessToken, refreshToken, maxAgeS: refreshTtlS };
  }

  /** Logs a member out everywhere. */
  endAllOf(em: EntityManager, memberId: number): Promise<void> {
    return this.sessions.deleteAllOf(em, memberId);
  }
}
