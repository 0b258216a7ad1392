import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { RefreshToken } from './refresh-token';
import { Session } from './session.entity';

const END_UNUSED = 'DELETE FROM session WHERE member_id = ? ORDER BY last_used_at, id LIMIT ?';
const NOTE_ROTATION = 'INSERT INTO session_rotation (session_id, generation, rotated_at) VALUES (?, ?, ?)';
const FORGET_ROTATIONS = 'DELETE FROM session_rotation WHERE session_id = ? AND rotated_at < ?';
const ROTATED_AT = 'SELECT rotated_at FROM session_rotation WHERE session_id = ? AND generation = ?';
const TOKEN_VERSION = 'SELECT token_version FROM member WHERE id = ?';

@Injectable()
export class SessionsRepository {
  async insert(em: EntityManager, session: Session): Promise<void> {
    await em.insert(Session, session);
  }

  find(em: EntityManager, id: Buffer): Promise<Session | null> {
    return em.findOneBy(Session, { id });
  }

  /** Reads a login and keeps every other use of it waiting until the transaction ends. */
  findForUpdate(em: EntityManager, id: Buffer): Promise<Session | null> {
    return em.findOne(Session, { where: { id }, lock: { mode: 'pessimistic_write' } });
  }

  /** Read without a lock: whoever ends a member's tokens holds the member and waits for the logins. */
  async tokenVersionOf(em: EntityManager, { memberId }: Session): Promise<number> {
    const [row] = (await em.query(TOKEN_VERSION, [memberId])) as { token_version: number }[];
    if (row === undefined) throw new Error('a login goes with its member');
    return row.token_version;
  }

  /** Stores what a use of the newest token changes. */
  async updateUse(em: EntityManager, session: Session): Promise<void> {
    const { id, generation, tokenHash, lastUsedAt, expiresAt } = session;
    await em.update(Session, { id }, { generation, tokenHash, lastUsedAt, expiresAt });
  }

  async delete(em: EntityManager, id: Buffer): Promise<void> {
    await em.delete(Session, { id });
  }

  async deleteAllOf(em: EntityManager, memberId: number): Promise<void> {
    await em.delete(Session, { memberId });
  }

  countOf(em: EntityManager, memberId: number): Promise<number> {
    return em.countBy(Session, { memberId });
  }

  /** Ends so many of a member's logins, those unused longest. */
  async deleteUnused(em: EntityManager, memberId: number, count: number): Promise<void> {
    await em.query(END_UNUSED, [memberId, count]);
  }

  /** Remembers the first use of a token, and forgets uses before an instant: those are no repeats any more. */
  async noteRotation(
    em: EntityManager,
    { sessionId, generation }: RefreshToken,
    now: Date,
    forgetBefore: Date,
  ): Promise<void> {
    await em.query(FORGET_ROTATIONS, [sessionId, forgetBefore]);
    await em.query(NOTE_ROTATION, [sessionId, generation, now]);
  }

  /** @returns when a token was used first; `undefined` when never, or long ago */
  async findRotatedAt(em: EntityManager, { sessionId, generation }: RefreshToken): Promise<Date | undefined> {
    const [row] = (await em.query(ROTATED_AT, [sessionId, generation])) as { rotated_at: Date }[];
    return row?.rotated_at;
  }
}
