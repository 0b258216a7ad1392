import { Injectable } from '@nestjs/common';
import { Statements } from '@app/database';
import type { EntityManager } from 'typeorm';
import { LIMITS } from '../http/limits';
import type { Handover } from '../members/handover';

const INVITE =
  'INSERT INTO invitation (study_id, member_id, expires_at) VALUES (?, ?, ?) ' +
  'ON DUPLICATE KEY UPDATE expires_at = VALUES(expires_at)';
const NOTE_LEAVE =
  'INSERT INTO invitation (study_id, member_id, expires_at, left_at) VALUES (?, ?, ?, ?) ' +
  'ON DUPLICATE KEY UPDATE expires_at = VALUES(expires_at), left_at = VALUES(left_at)';
const IS_INVITED = 'SELECT 1 FROM invitation WHERE study_id = ? AND member_id = ? AND expires_at > ?';
const HAND_OVER =
  'INSERT INTO invitation (study_id, member_id, expires_at, left_at) ' +
  'SELECT given.study_id, ?, given.expires_at, given.left_at FROM invitation given WHERE given.member_id = ? ' +
  'ON DUPLICATE KEY UPDATE expires_at = GREATEST(invitation.expires_at, VALUES(expires_at))';
const PRUNE = 'DELETE FROM invitation WHERE expires_at <= ? LIMIT 1000';

/**
 * Remembers who has shown a study's code. Ids are counted up, so an id alone must open no lobby; the old client sends
 * the code in one request and joins in another.
 */
@Injectable()
export class InvitationsService {
  constructor(private readonly statements: Statements) {}

  async invite(em: EntityManager, memberId: number, studyId: number, now: Date): Promise<void> {
    await em.query(INVITE, [studyId, memberId, expiry(now)]);
  }

  /** One who leaves a study may come back, and a poll of theirs may still be under way. */
  async noteLeave(em: EntityManager, memberId: number, studyId: number, now: Date): Promise<void> {
    await em.query(NOTE_LEAVE, [studyId, memberId, expiry(now), now]);
  }

  async isInvited(em: EntityManager, memberId: number, studyId: number, now: Date): Promise<boolean> {
    const rows = (await em.query(IS_INVITED, [studyId, memberId, now])) as unknown[];
    return rows.length > 0;
  }

  /** Invites a member to whatever another was invited to. */
  async handOver(em: EntityManager, { from, to }: Handover): Promise<void> {
    await em.query(HAND_OVER, [to, from]);
    await em.query('DELETE FROM invitation WHERE member_id = ?', [from]);
  }

  async forgetAllOf(em: EntityManager, memberId: number): Promise<void> {
    await em.query('DELETE FROM invitation WHERE member_id = ?', [memberId]);
  }

  /** Forgets what has run out, a bounded number at a time. */
  prune(now: Date): Promise<number> {
    return this.statements.update(PRUNE, [now]);
  }
}

function expiry(now: Date): Date {
  return new Date(now.getTime() + LIMITS.invitationMs);
}
