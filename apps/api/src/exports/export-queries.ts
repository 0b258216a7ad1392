import { Injectable } from '@nestjs/common';
import { Statements } from '@app/database';
import type { Step } from '@app/pomodoro';
import { FILED_PARTICIPANT } from '../records/record-queries';

/** All that the service holds about a member, but for the studies. */
export interface HeldAbout {
  readonly member: MemberRow;
  readonly identities: readonly IdentityRow[];
  readonly sessions: readonly SessionRow[];
  readonly feeds: readonly FeedRow[];
  readonly milestones: readonly MilestoneRow[];
}

interface MemberRow {
  readonly id: number;
  readonly name: string;
  readonly nickname: string | null;
  readonly email: string | null;
  readonly image_url: string | null;
  readonly login_type: string;
  readonly time_zone: string;
  readonly created_at: Date;
}
interface IdentityRow {
  readonly provider: string;
  /** UTF-8. */
  readonly subject: Buffer;
  readonly name: string | null;
  readonly linked_at: Date;
}
interface SessionRow {
  readonly device: string | null;
  readonly created_at: Date;
  readonly last_used_at: Date;
  readonly expires_at: Date;
}
interface FeedRow {
  readonly created_at: Date;
}
interface MilestoneRow {
  readonly event: string;
  readonly at: Date;
}

/** One cycle of one study; a study of which no cycle was kept has one row without. */
export interface CycleRow {
  readonly study_id: number;
  readonly name: string;
  readonly step: Step;
  readonly total_cycle: number;
  readonly time_per_cycle: number;
  readonly current_cycle: number;
  readonly created_at: Date;
  readonly nickname: string;
  readonly is_host: number;
  readonly joined_at: Date;
  readonly cycle: number | null;
  readonly plan: string | null;
  readonly retrospect: string | null;
}

/** The study after which to read on. */
export type After = Readonly<{ at: Date; studyId: number }>;

/** Studies read at a time: with the longest texts that a client may send, everywhere, they are 26 MB. */
const BATCH = 25;

const MEMBER =
  'SELECT id, name, nickname, email, image_url, login_type, time_zone, created_at FROM member WHERE id = ?';
const IDENTITIES =
  'SELECT provider, subject, name, linked_at FROM identity WHERE member_id = ? ORDER BY linked_at';
const SESSIONS =
  'SELECT device, created_at, last_used_at, expires_at FROM session WHERE member_id = ? ORDER BY created_at';
const FEEDS = 'SELECT created_at FROM calendar_feed WHERE member_id = ?';
const MILESTONES = 'SELECT event, at FROM funnel_event WHERE member_id = ? ORDER BY at';
/** Exported for those who ask the database how it would go about it. */
export const CYCLES =
  'SELECT r.study_id, s.name, s.step, s.total_cycle, s.time_per_cycle, s.current_cycle, r.study_created_at AS created_at, ' +
  'r.nickname, r.is_host, r.joined_at, c.cycle, c.plan, c.retrospect FROM (' +
  'SELECT p.id, p.study_id, p.study_created_at, p.nickname, p.is_host, p.created_at AS joined_at ' +
  `FROM ${FILED_PARTICIPANT} ` +
  'WHERE p.member_id = ? AND p.study_created_at >= ? AND (p.study_created_at > ? OR p.study_id > ?) ' +
  `ORDER BY p.study_created_at, p.study_id LIMIT ${BATCH}) r STRAIGHT_JOIN study s ON s.id = r.study_id ` +
  'LEFT JOIN content c ON c.participant_id = r.id ORDER BY r.study_created_at, r.study_id, c.cycle';

/** What the service holds about a member, read across all features. */
@Injectable()
export class ExportQueries {
  constructor(private readonly statements: Statements) {}

  async heldAbout(memberId: number): Promise<HeldAbout | undefined> {
    const select = <Row>(sql: string) => this.statements.select<Row>(sql, [memberId]);
    const [[member], identities, sessions, feeds, milestones] = await Promise.all([
      select<MemberRow>(MEMBER),
      select<IdentityRow>(IDENTITIES),
      select<SessionRow>(SESSIONS),
      select<FeedRow>(FEEDS),
      select<MilestoneRow>(MILESTONES),
    ]);
    return member && { member, identities, sessions, feeds, milestones };
  }

  /** The cycles of the next studies of a member, oldest first; none when there are no more studies. */
  cyclesAfter(memberId: number, { at, studyId }: After): Promise<CycleRow[]> {
    return this.statements.select<CycleRow>(CYCLES, [memberId, at, at, studyId]);
  }
}
