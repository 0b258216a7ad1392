import { Injectable } from '@nestjs/common';
import { Statements } from '@app/database';
import { Clock } from '@app/kernel';
import type { Caller } from '../auth/jwt.strategy';
import { publicIdOf } from './session-id';
import { SessionNotFound } from './sessions.errors';

/** A login as its member sees it. */
export interface SessionView {
  readonly sessionId: string;
  readonly device: string | null;
  readonly createdAt: Date;
  readonly lastUsedAt: Date;
  readonly isCurrent: boolean;
}

type SessionRow = Pick<SessionView, 'device' | 'createdAt' | 'lastUsedAt'> & { readonly id: Buffer };

const LIST =
  'SELECT id, device, created_at AS createdAt, last_used_at AS lastUsedAt FROM session ' +
  'WHERE member_id = ? AND expires_at > ? ORDER BY last_used_at DESC, id';
const END = 'DELETE FROM session WHERE id = ? AND member_id = ?';

/** What members see of their own logins. */
@Injectable()
export class DevicesService {
  constructor(
    private readonly statements: Statements,
    private readonly clock: Clock,
  ) {}

  /** @returns the caller's living logins, the one used last first */
  async list({ memberId, sessionId }: Caller): Promise<SessionView[]> {
    const rows = await this.statements.select<SessionRow>(LIST, [memberId, this.clock.now()]);
    return rows.map(({ id, ...row }) => ({
      sessionId: publicIdOf(id),
      ...row,
      isCurrent: sessionId !== null && id.equals(sessionId),
    }));
  }

  /**
   * Ends one of the member's logins, with its access tokens.
   *
   * @throws SessionNotFound also when it is another member's
   */
  async end(memberId: number, sessionId: Buffer): Promise<void> {
    if ((await this.statements.update(END, [sessionId, memberId])) === 0) throw new SessionNotFound();
  }
}
