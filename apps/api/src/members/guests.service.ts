import { Inject, Injectable } from '@nestjs/common';
import type { Config } from '@app/config';
import { Statements, Transactor } from '@app/database';
import { CONFIG } from '../config.token';
import { LIMITS } from '../http/limits';

/** Guests that one turn removes at most. */
const BATCH = 1_000;
/** A token is made after its member, and lives so many ms longer at most. */
const TOKEN_DELAY_MS = 60_000;

const JOINED = 'EXISTS (SELECT 1 FROM participant p WHERE p.member_id = member.id)';
/** Parameters: after which instant, and until which, they were made. */
export const IDLE_GUESTS =
  `SELECT id FROM member WHERE login_type = 'guest' AND created_at > ? AND created_at <= ? AND NOT ${JOINED} ` +
  `ORDER BY created_at LIMIT ${BATCH}`;
// One who joins at this very moment is kept by the foreign key of the seat.
const REMOVE = `DELETE FROM member WHERE id IN (?) AND login_type = 'guest' AND NOT ${JOINED}`;

/** Guests end by themselves: nobody can log in as one again. */
@Injectable()
export class GuestsService {
  /** Older ones were looked at by this process: those who are left have joined a study. */
  private lookedAtUntil = new Date(0);

  constructor(
    private readonly statements: Statements,
    private readonly transactor: Transactor,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /**
   * Removes guests who never joined a study, once that can no longer change: after 30 days, and not before their token
   * has ended. A bounded number at a time.
   *
   * @returns how many
   */
  async prune(now: Date): Promise<number> {
    const keptMs = Math.max(LIMITS.idleGuestKeptMs, this.config.tokens.guestTtlS * 1_000 + TOKEN_DELAY_MS);
    const until = new Date(now.getTime() - keptMs);
    const idle = await this.statements.select<{ id: number }>(IDLE_GUESTS, [this.lookedAtUntil, until]);
    const ids = idle.map(({ id }) => id);
    if (ids.length > 0) await this.transactor.write((em) => em.query(REMOVE, [ids]));
    if (ids.length < BATCH) this.lookedAtUntil = until;
    return ids.length;
  }
}
