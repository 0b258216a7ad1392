import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { IdentityKey } from './identities.repository';
import type { Choice } from './choice';

/** A member's proof to be somebody at a provider whom another member is known by. */
export interface Claim extends IdentityKey {
  readonly memberId: number;
  /** The member's when it was asked what to do. */
  readonly tokenVersion: number;
  /** `null` until it is made. */
  readonly choice: Choice | null;
  /** The login that the choice led to. */
  readonly sessionId: Buffer | null;
  readonly expiresAt: Date;
}

const INSERT =
  'INSERT INTO identity_claim (token_hash, member_id, token_version, provider, subject, expires_at) VALUES (?, ?, ?, ?, ?, ?)';
const FIND =
  'SELECT member_id AS memberId, token_version AS tokenVersion, provider, CONVERT(subject USING utf8mb4) AS subject, choice, session_id AS sessionId, ' +
  'expires_at AS expiresAt FROM identity_claim WHERE token_hash = ?';
const SETTLE = 'UPDATE identity_claim SET choice = ?, session_id = ? WHERE token_hash = ?';
const DELETE_ALL =
  'DELETE FROM identity_claim WHERE member_id = ? ' +
  'OR (provider, subject) IN (SELECT provider, subject FROM identity WHERE member_id = ?)';

@Injectable()
export class ClaimsRepository {
  async insert(
    em: EntityManager,
    hash: Buffer,
    { memberId, tokenVersion, provider, subject, expiresAt }: Omit<Claim, 'choice' | 'sessionId'>,
  ): Promise<void> {
    await em.query(INSERT, [hash, memberId, tokenVersion, provider, subject, expiresAt]);
  }

  async find(em: EntityManager, hash: Buffer): Promise<Claim | undefined> {
    return ((await em.query(FIND, [hash])) as Claim[])[0];
  }

  async settle(em: EntityManager, hash: Buffer, choice: Choice, sessionId: Buffer): Promise<void> {
    await em.query(SETTLE, [choice, sessionId, hash]);
  }

  /** Claims of a member, and those on its identities. */
  async deleteAllOf(em: EntityManager, memberId: number): Promise<void> {
    await em.query(DELETE_ALL, [memberId, memberId]);
  }

  /** What a member has not chosen yet, it never will. */
  async deleteOpenOf(em: EntityManager, memberId: number): Promise<void> {
    await em.query('DELETE FROM identity_claim WHERE member_id = ? AND choice IS NULL', [memberId]);
  }
}
