import { Injectable } from '@nestjs/common';
import { Statements } from '@app/database';
import type { Step } from '@app/pomodoro';
import type { EntityManager } from 'typeorm';
import { LIMITS } from '../http/limits';
import type { Handover } from '../members/handover';
import { FILED_PARTICIPANT } from '../records/record-queries';

/** A study that was started. */
export interface FeedStudyRow {
  readonly id: number;
  readonly name: string;
  readonly total_cycle: number;
  readonly time_per_cycle: number;
  readonly step: Step;
  readonly step_started_at: Date;
  readonly started_at: Date;
}

const REPLACE =
  'INSERT INTO calendar_feed (member_id, token_hash, created_at) VALUES (?, ?, ?) ' +
  'ON DUPLICATE KEY UPDATE token_hash = VALUES(token_hash), created_at = VALUES(created_at)';
const REVOKE = 'DELETE FROM calendar_feed WHERE member_id = ?';
// What the database refuses is the feed of one who gets another's, but has one.
const HAND_OVER = 'UPDATE IGNORE calendar_feed SET member_id = ? WHERE member_id = ?';
const OWNER =
  'SELECT f.member_id FROM calendar_feed f JOIN member m ON m.id = f.member_id AND m.unregistered_at IS NULL ' +
  'WHERE f.token_hash = ?';
/** Exported for those who ask the database how it would go about it. */
export const STUDIES =
  'SELECT s.id, s.name, s.total_cycle, s.time_per_cycle, s.step, s.step_started_at, t.at AS started_at ' +
  `FROM ${FILED_PARTICIPANT} STRAIGHT_JOIN study s ON s.id = p.study_id ` +
  'JOIN study_transition t ON t.study_id = s.id AND t.sequence = 1 ' +
  'WHERE p.member_id = ? AND p.study_created_at >= ? ' +
  `ORDER BY p.study_created_at DESC, p.study_id DESC LIMIT ${LIMITS.feedStudies}`;

@Injectable()
export class FeedQueries {
  constructor(private readonly statements: Statements) {}

  /** Gives a member this feed instead of any other. */
  async replace(em: EntityManager, memberId: number, tokenHash: Buffer, now: Date): Promise<void> {
    await em.query(REPLACE, [memberId, tokenHash, now]);
  }

  async revoke(memberId: number): Promise<void> {
    await this.statements.update(REVOKE, [memberId]);
  }

  async revokeIn(em: EntityManager, memberId: number): Promise<void> {
    await em.query(REVOKE, [memberId]);
  }

  async changeMember(em: EntityManager, { from, to }: Handover): Promise<void> {
    await em.query(HAND_OVER, [to, from]);
    await em.query(REVOKE, [from]);
  }

  /** The member whose feed this is. */
  async owner(tokenHash: Buffer): Promise<number | undefined> {
    return (await this.statements.select<{ member_id: number }>(OWNER, [tokenHash]))[0]?.member_id;
  }

  /** The newest studies that were opened since and that were started, newest first. */
  studiesSince(memberId: number, since: Date): Promise<FeedStudyRow[]> {
    return this.statements.select<FeedStudyRow>(STUDIES, [memberId, since]);
  }
}
