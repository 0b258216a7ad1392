import { Inject, Injectable } from '@nestjs/common';
import type { Config } from '@app/config';
import { Transactor } from '@app/database';
import { Clock } from '@app/kernel';
import type { EntityManager } from 'typeorm';
import { hashSecretText } from '../auth/secret-text';
import { TokenService } from '../auth/token.service';
import { CONFIG } from '../config.token';
import { LIMITS } from '../http/limits';
import { MembersService } from '../members/members.service';
import { ThrottlingService } from '../throttling/throttling.service';
import type { RefreshToken } from './refresh-token';
import { SessionTokens, type OpenedSession } from './session-tokens';
import type { Session } from './session.entity';
import { NoSession, SessionOver } from './sessions.errors';
import { SessionsRepository } from './sessions.repository';
import { SessionsService } from './sessions.service';

/** Logs guests in, keeps members logged in, and logs them out. Uses of one login wait for each other on its row. */
@Injectable()
export class AuthService {
  constructor(
    private readonly transactor: Transactor,
    private readonly sessions: SessionsRepository,
    private readonly logins: SessionsService,
    private readonly members: MembersService,
    private readonly tokens: SessionTokens,
    private readonly accessTokens: TokenService,
    private readonly throttling: ThrottlingService,
    private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /**
   * Makes a guest, and logs out the member who used this device before: else the guest would become that member when
   * the access token ends.
   *
   * @param refreshToken of the cookie; `undefined` when none came
   * @returns the access token of the guest
   */
  async loginAsGuest(refreshToken: string | undefined): Promise<string> {
    const guestId = await this.members.openGuest();
    if (refreshToken !== undefined) await this.logins.endBy(refreshToken);
    return this.accessTokens.forGuest(guestId);
  }

  /**
   * Replaces the newest refresh token by the next one. A token that was replaced no longer than LIMITS.refreshGraceMs
   * ago gets the newest one: three tabs, or a lost answer. A later use means that somebody has a copy, so the whole
   * login ends.
   *
   * @param refreshToken of the cookie; `undefined` when none came
   * @throws NoSession
   * @throws SessionOver
   * @throws TooManyRequests
   */
  async refresh(refreshToken: string | undefined): Promise<OpenedSession> {
    if (refreshToken === undefined) throw new NoSession();
    const shown = this.tokens.prove(refreshToken);
    if (shown === null) throw new SessionOver();
    // Only what is proven counts: else a stranger who knows the id of a login could block it.
    await this.throttling.count('refresh', shown.sessionId);
    // Thrown inside, the refusal would undo the end of the login.
    const opened = await this.transactor.write((em) => this.exchange(em, shown));
    if (opened === null) throw new SessionOver();
    return opened;
  }

  /**
   * Logs a device out.
   *
   * @param refreshToken of the cookie; `undefined` when none came
   * @throws NoSession
   */
  async logout(refreshToken: string | undefined): Promise<void> {
    if (refreshToken === undefined) throw new NoSession();
    await this.logins.endBy(refreshToken);
  }

  private async exchange(em: EntityManager, shown: RefreshToken): Promise<OpenedSession | null> {
    const now = this.clock.now();
    const session = await this.sessions.findForUpdate(em, shown.sessionId);
    if (session === null || session.isOver(now)) return null;
    if (session.tokenHash.equals(hashSecretText(this.tokens.derive(shown)))) {
      await this.rotate(em, session, now);
    } else if (!(await this.isRepeat(em, shown, now))) {
      await this.sessions.delete(em, session.id);
      return null;
    }
    return this.tokens.newestOf(session, await this.sessions.tokenVersionOf(em, session), now);
  }

  private async rotate(em: EntityManager, session: Session, now: Date): Promise<void> {
    const { id: sessionId, generation } = session;
    await this.sessions.noteRotation(em, { sessionId, generation }, now, graceBegin(now));
    const next = this.tokens.derive({ sessionId, generation: generation + 1 });
    session.rotate(hashSecretText(next), now, this.config.tokens);
    await this.sessions.updateUse(em, session);
  }

  private async isRepeat(em: EntityManager, shown: RefreshToken, now: Date): Promise<boolean> {
    const rotatedAt = await this.sessions.findRotatedAt(em, shown);
    return rotatedAt !== undefined && rotatedAt.getTime() >= graceBegin(now).getTime();
  }
}

function graceBegin(now: Date): Date {
  return new Date(now.getTime() - LIMITS.refreshGraceMs);
}
