import { randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { Config } from '@app/config';
import { Statements } from '@app/database';
import { Clock } from '@app/kernel';
import type { EntityManager } from 'typeorm';
import { hashSecretText } from '../auth/secret-text';
import { CONFIG } from '../config.token';
import { LIMITS } from '../http/limits';
import { SessionTokens, type OpenedSession } from './session-tokens';
import { Session } from './session.entity';
import { SessionsRepository } from './sessions.repository';

export type { OpenedSession };

/** Who logs in. */
export type LoggingIn = Readonly<{ id: number; tokenVersion: number }>;

const SESSION_ID_BYTES = 16;

const END = 'DELETE FROM session WHERE id = ?';
const PRUNE = 'DELETE FROM session WHERE expires_at <= ? LIMIT 1000';

/** Opens and ends logins. The access tokens of a login end with its row: the guard looks for it. */
@Injectable()
export class SessionsService {
  constructor(
    private readonly sessions: SessionsRepository,
    private readonly statements: Statements,
    private readonly tokens: SessionTokens,
    private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /**
   * Logs a member in on one more device. Of more than LIMITS.sessionsPerMember the one unused longest ends.
   *
   * @param device what the device calls itself (`User-Agent`)
   */
  async open(em: EntityManager, member: LoggingIn, device: string | undefined): Promise<OpenedSession> {
    const now = this.clock.now();
    const id = randomBytes(SESSION_ID_BYTES);
    const tokenHash = hashSecretText(this.tokens.derive({ sessionId: id, generation: 0 }));
    const login = {
      id,
      memberId: member.id,
      device: device?.slice(0, LIMITS.deviceLength) ?? null,
      tokenHash,
    };
    const session = Session.open(login, now, this.config.tokens);
    await this.makeRoom(em, member.id);
    await this.sessions.insert(em, session);
    return this.tokens.newestOf(session, member.tokenVersion, now);
  }

  /** Logs out the device that holds a refresh token, whichever of its login; a text that is none ends nothing. */
  async endBy(refreshToken: string): Promise<void> {
    const shown = this.tokens.prove(refreshToken);
    if (shown !== null) await this.statements.update(END, [shown.sessionId]);
  }

  /**
   * Gives the newest tokens of a login once more, to one whose answer was lost. It lives no longer for that.
   *
   * @returns `null` when the member has no such login any more
   */
  async resume(em: EntityManager, member: LoggingIn, sessionId: Buffer): Promise<OpenedSession | null> {
    const now = this.clock.now();
    const session = await this.sessions.find(em, sessionId);
    if (session === null || session.memberId !== member.id || session.isOver(now)) return null;
    return this.tokens.newestOf(session, member.tokenVersion, now);
  }

  /** Logs a member out everywhere. */
  endAllOf(em: EntityManager, memberId: number): Promise<void> {
    return this.sessions.deleteAllOf(em, memberId);
  }

  /** Forgets logins that are over, a bounded number at a time. */
  prune(now: Date): Promise<number> {
    return this.statements.update(PRUNE, [now]);
  }

  private async makeRoom(em: EntityManager, memberId: number): Promise<void> {
    const surplus = (await this.sessions.countOf(em, memberId)) + 1 - LIMITS.sessionsPerMember;
    if (surplus > 0) await this.sessions.deleteUnused(em, memberId, surplus);
  }
}
