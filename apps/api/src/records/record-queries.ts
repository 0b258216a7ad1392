import { Injectable } from '@nestjs/common';
import { Statements } from '@app/database';
import type { Step } from '@app/pomodoro';
import { CALLER_SESSION, CALLER_STATE, type CallerState } from '../auth/callers.service';
import type { Caller } from '../auth/jwt.strategy';
import type { Interval } from '../days/days';
import type { Place } from './record-cursor';

/** A study that a member took part in. */
export interface RecordRow {
  readonly id: number;
  readonly name: string;
  readonly total_cycle: number;
  readonly time_per_cycle: number;
  readonly created_at: Date;
}

export interface DetailedRow extends RecordRow {
  readonly nickname: string;
  readonly step: Step;
  readonly cycles_studied: number;
  /** Of the member itself. */
  readonly plans: number;
  readonly retrospects: number;
}

/** A page of a list that is counted in pages. */
export interface Page {
  readonly rows: readonly RecordRow[];
  readonly pageNum: number;
  readonly totalPages: number;
}

export interface ReaderRow extends CallerState {
  readonly time_zone: string;
  /** Whether the release before this one has seated the member somewhere. */
  readonly has_unfiled: number;
}

export type Direction = 'ASC' | 'DESC';

const COLUMNS = 's.id, s.name, s.total_cycle, s.time_per_cycle, s.created_at';
const OF_MEMBER = 'p.member_id = ? AND p.study_created_at >= ? AND p.study_created_at < ?';
/**
 * A participant, found in the order of time. Left alone, the database takes the index for its first column only as soon
 * as a member has many studies, and a page far down then costs as much as all the pages before it.
 */
export const FILED_PARTICIPANT = 'participant p FORCE INDEX (participant_records)';

const order = (direction: Direction, table = 'p') =>
  `ORDER BY ${table}.study_created_at ${direction}, ${table}.study_id ${direction}`;

// The page is cut out of the index alone; only its own studies are read.
const page = (direction: Direction) =>
  `SELECT ${COLUMNS} FROM (SELECT p.study_created_at, p.study_id FROM ${FILED_PARTICIPANT} WHERE ${OF_MEMBER} ` +
  `${order(direction)} LIMIT ? OFFSET ?) r STRAIGHT_JOIN study s ON s.id = r.study_id ${order(direction, 'r')}`;

/** The statements, for those who ask the database how it would go about them. */
export const RECORD_SQL = {
  reader:
    `SELECT ${CALLER_STATE}, m.time_zone, EXISTS (SELECT 1 FROM participant p WHERE p.member_id = m.id ` +
    `AND p.study_created_at IS NULL) AS has_unfiled FROM member m ${CALLER_SESSION} WHERE m.id = ?`,
  file:
    'UPDATE participant p JOIN study s ON s.id = p.study_id SET p.study_created_at = s.created_at ' +
    'WHERE p.member_id = ? AND p.study_created_at IS NULL',
  page: { ASC: page('ASC'), DESC: page('DESC') },
  count: `SELECT COUNT(*) AS total FROM ${FILED_PARTICIPANT} WHERE ${OF_MEMBER}`,
  calendar:
    `SELECT ${COLUMNS} FROM ${FILED_PARTICIPANT} STRAIGHT_JOIN study s ON s.id = p.study_id WHERE ${OF_MEMBER} ` +
    `${order('ASC')} LIMIT ?`,
  list:
    `SELECT ${COLUMNS}, p.nickname, s.step, ` +
    "(SELECT COUNT(*) FROM study_transition t WHERE t.study_id = s.id AND t.step = 'RETROSPECT') AS cycles_studied, " +
    '(SELECT COUNT(c.plan) FROM content c WHERE c.participant_id = p.id) AS plans, ' +
    '(SELECT COUNT(c.retrospect) FROM content c WHERE c.participant_id = p.id) AS retrospects ' +
    `FROM ${FILED_PARTICIPANT} STRAIGHT_JOIN study s ON s.id = p.study_id AND s.step <> 'WAITING' ` +
    'WHERE p.member_id = ? AND p.study_created_at >= ? AND p.study_created_at <= ? ' +
    `AND (p.study_created_at < ? OR p.study_id < ?) ${order('DESC')} LIMIT ?`,
} as const;

/** A member's studies in the order of time. A `LIMIT` is bound as text: MySQL takes no floating point number there. */
@Injectable()
export class RecordQueries {
  constructor(private readonly statements: Statements) {}

  async reader({ memberId, sessionId }: Caller): Promise<ReaderRow | undefined> {
    return (await this.statements.select<ReaderRow>(RECORD_SQL.reader, [sessionId, memberId]))[0];
  }

  /** Notes the time of the studies where the release before this one has seated the member. */
  async file(memberId: number): Promise<void> {
    await this.statements.update(RECORD_SQL.file, [memberId]);
  }

  page(
    memberId: number,
    { from, to }: Interval,
    { direction, size, offset }: Readonly<{ direction: Direction; size: number; offset: number }>,
  ): Promise<RecordRow[]> {
    const sql = RECORD_SQL.page[direction];
    return this.statements.select<RecordRow>(sql, [memberId, from, to, String(size), String(offset)]);
  }

  async count(memberId: number, { from, to }: Interval): Promise<number> {
    const [row] = await this.statements.select<{ total: number }>(RECORD_SQL.count, [memberId, from, to]);
    return row?.total ?? 0;
  }

  /** Oldest first, so many at most. */
  calendar(memberId: number, { from, to }: Interval, limit: number): Promise<RecordRow[]> {
    return this.statements.select<RecordRow>(RECORD_SQL.calendar, [memberId, from, to, String(limit)]);
  }

  /** Those that were started, newest first, from a place on. */
  list(memberId: number, from: Date, { at, studyId }: Place, limit: number): Promise<DetailedRow[]> {
    return this.statements.select<DetailedRow>(RECORD_SQL.list, [
      memberId,
      from,
      at,
      at,
      studyId,
      String(limit),
    ]);
  }
}
