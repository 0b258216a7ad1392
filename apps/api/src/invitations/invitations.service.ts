import { Injectable } from '@nestjs/common';
import { isMissingReference, Statements } from '@app/database';
import type { EntityManager } from 'typeorm';
import { LIMITS } from '../http/limits';
import { MemberNotFound } from '../members/members.errors';

const INVITE =
  'INSERT INTO invitation (study_id, member_id, expires_at) VALUES (?, ?, ?) ' +
  'ON DUPLICATE KEY UPDATE expires_at = VALUES(expires_at)';
const NOTE_LEAVE =
  'INSERT INTO invitation (study_id, member_id, expires_at, left_at) VALUES (?, ?, ?, ?) ' +
  'ON DUPLICATE KEY UPDATE expires_at = VALUES(expires_at), left_at = VALUES(left_at)';
const IS_INVITED = 'SELECT 1 FROM invitation WHERE study_id = ? AND member_id = ? AND expires_at > ?';
const PRUNE = 'DELETE FROM invitation WHERE expires_at <= ? LIMIT 1000';

/**
 * Remembers who has shown a study's code. Ids are counted up, so an id alone must open no lobby; the old client sends
 * the code in one request and joins in another.
 */
@Injectable()
export class InvitationsService {
  constructor(private readonly statements: Statements) {}

  /** @throws MemberNotFound */
  async invite(memberId: number, studyId: number, now: Date): Promise<void> {
    try {
      await this.statements.update(INVITE, [studyId, memberId, expiry(now)]);
    } catch (error) {
      throw isMissingReference(error, 'invitation_member') ? new MemberNotFound() : error;
    }
  }

  /** One who leaves a study may come back, and a poll of theirs may still be under way. */
  async noteLeave(em: EntityManager, memberId: number, studyId: number, now: Date): Promise<void> {
    await em.query(NOTE_LEAVE, [studyId, memberId, expiry(now), now]);
  }

  async isInvited(em: EntityManager, memberId: number, studyId: number, now: Date): Promise<boolean> {
    const rows = (await em.query(IS_INVITED, [studyId, memberId, now])) as unknown[];
    return rows.length > 0;
  }

  /** Forgets what has run out, a bounded number at a time. */
  prune(now: Date): Promise<number> {
    return this.statements.update(PRUNE, [now]);
  }
}

function expiry(now: Date): Date {
  return new Date(now.getTime() + LIMITS.invitationMs);
}
