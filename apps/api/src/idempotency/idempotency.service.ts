import { Injectable } from '@nestjs/common';
import { isDuplicate, Statements } from '@app/database';
import { Clock } from '@app/kernel';
import type { EntityManager } from 'typeorm';
import { LIMITS } from '../http/limits';
import type { Handover } from '../members/handover';
import { IdempotencyKeyReused } from './idempotency.errors';
import type { KeyedRequest } from './keyed-request';

interface KeptAnswer {
  readonly fingerprint: Buffer;
  readonly answer: string | null;
}

// Nothing is kept for one who is gone or has left: the work itself refuses them.
const CLAIM =
  'INSERT INTO idempotency_key (member_id, `key`, fingerprint, created_at) ' +
  'SELECT id, ?, ?, ? FROM member WHERE id = ? AND unregistered_at IS NULL LOCK IN SHARE MODE';
const KEEP = 'UPDATE idempotency_key SET answer = ? WHERE member_id = ? AND `key` = ?';
const READ = 'SELECT fingerprint, answer FROM idempotency_key WHERE member_id = ? AND `key` = ?';
// What the database refuses are keys that the other has used, too: for the same member, one key is one request.
const HAND_OVER = 'UPDATE IGNORE idempotency_key SET member_id = ? WHERE member_id = ?';
const PRUNE = 'DELETE FROM idempotency_key WHERE created_at <= ? LIMIT 1000';

/**
 * Lets a request be repeated without being done twice. The key's row is written first, in the transaction of the work
 * itself: a repeat that runs at the same time waits on the row, and a refused or crashed request leaves none.
 *
 * @see https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/
 */
@Injectable()
export class IdempotencyService {
  constructor(
    private readonly statements: Statements,
    private readonly clock: Clock,
  ) {}

  /**
   * Does the work, or gives the answer that it gave the first time.
   *
   * @param work gives something that JSON can hold
   * @throws IdempotencyKeyReused when the key first came with another request
   */
  async once<T>(
    em: EntityManager,
    memberId: number,
    keyed: KeyedRequest,
    work: () => Promise<T>,
  ): Promise<T> {
    if (keyed === null) return work();
    const { key, fingerprint } = keyed;
    if (!(await this.claim(em, memberId, key, fingerprint)))
      return this.repeat<T>(em, memberId, key, fingerprint);
    const answer = await work();
    await em.query(KEEP, [JSON.stringify(answer ?? null), memberId, key]);
    return answer;
  }

  /** Lets a member repeat what another has asked. */
  async handOver(em: EntityManager, { from, to }: Handover): Promise<void> {
    await em.query(HAND_OVER, [to, from]);
    await em.query('DELETE FROM idempotency_key WHERE member_id = ?', [from]);
  }

  /** Forgets what a member was answered. */
  async forgetAllOf(em: EntityManager, memberId: number): Promise<void> {
    await em.query('DELETE FROM idempotency_key WHERE member_id = ?', [memberId]);
  }

  /** Forgets what has run out, a bounded number at a time. */
  prune(now: Date): Promise<number> {
    return this.statements.update(PRUNE, [new Date(now.getTime() - LIMITS.idempotencyKeptMs)]);
  }

  private async claim(
    em: EntityManager,
    memberId: number,
    key: string,
    fingerprint: Buffer,
  ): Promise<boolean> {
    try {
      await em.query(CLAIM, [key, fingerprint, this.clock.now(), memberId]);
      return true;
    } catch (error) {
      if (isDuplicate(error)) return false;
      throw error;
    }
  }

  private async repeat<T>(em: EntityManager, memberId: number, key: string, fingerprint: Buffer): Promise<T> {
    const [kept] = (await em.query(READ, [memberId, key])) as KeptAnswer[];
    if (kept === undefined || !kept.fingerprint.equals(fingerprint)) throw new IdempotencyKeyReused();
    return JSON.parse(kept.answer ?? 'null') as T;
  }
}
