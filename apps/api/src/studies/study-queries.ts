import { Injectable } from '@nestjs/common';
import { Statements, type Parameter } from '@app/database';
import type { Step } from '@app/pomodoro';
import { forCallers, type CallerState } from '../auth/callers.service';
import type { Caller } from '../auth/jwt.strategy';
import { LIMITS } from '../http/limits';

/** A study as it stands in the database, and whether the caller is in it. */
export interface StudyRow {
  readonly id: number;
  readonly name: string;
  readonly total_cycle: number;
  readonly time_per_cycle: number;
  readonly current_cycle: number;
  readonly step: Step;
  readonly step_started_at: Date;
  readonly vacant_since: Date | null;
  readonly created_at: Date;
  readonly participant_id: number | null;
}

/** The caller, and the study if there is one. */
export type CallersStudyRow = CallerState & (StudyRow | { readonly id: null });

const COLUMNS =
  's.id, s.name, s.total_cycle, s.time_per_cycle, s.current_cycle, s.step, s.step_started_at, s.vacant_since, ' +
  's.created_at, p.id AS participant_id';
const CALLER = 'participant p ON p.study_id = s.id AND p.member_id = ?';

const BY_ID = forCallers(
  (columns, login) =>
    `SELECT ${columns}, ${COLUMNS} FROM member m ${login} LEFT JOIN study s ON s.id = ? ` +
    'LEFT JOIN participant p ON p.study_id = ? AND p.member_id = ? WHERE m.id = ?',
);
const BY_CODE = `SELECT ${COLUMNS} FROM participant_code c JOIN study s ON s.id = c.study_id LEFT JOIN ${CALLER} WHERE c.code = ?`;
const OF_MEMBER = `SELECT ${COLUMNS} FROM study s JOIN ${CALLER} ORDER BY s.id DESC LIMIT ${LIMITS.listedStudies}`;
const CODE_OF =
  `SELECT p.id AS participant_id, c.code FROM study s LEFT JOIN ${CALLER} ` +
  'LEFT JOIN participant_code c ON c.study_id = s.id WHERE s.id = ?';

/** Reads that need no transaction: one prepared statement each, the caller's membership with the data. */
@Injectable()
export class StudyQueries {
  constructor(private readonly statements: Statements) {}

  byId(caller: Caller, studyId: number): Promise<CallersStudyRow | undefined> {
    const { memberId } = caller;
    return this.first(...BY_ID(caller, [studyId, studyId, memberId, memberId]));
  }

  byCode(callerId: number, code: string): Promise<StudyRow | undefined> {
    return this.first(BY_CODE, [callerId, code]);
  }

  /** The newest studies of a member, oldest of them first. */
  async ofMember(memberId: number): Promise<readonly StudyRow[]> {
    return (await this.statements.select<StudyRow>(OF_MEMBER, [memberId])).reverse();
  }

  codeOf(
    callerId: number,
    studyId: number,
  ): Promise<{ participant_id: number | null; code: string | null } | undefined> {
    return this.first(CODE_OF, [callerId, studyId]);
  }

  private async first<Row>(sql: string, parameters: readonly Parameter[]): Promise<Row | undefined> {
    return (await this.statements.select<Row>(sql, parameters))[0];
  }
}
