import { Injectable } from '@nestjs/common';
import { Statements } from '@app/database';
import type { Step } from '@app/pomodoro';
import { forCallers, refuseEnded, type CallerState } from '../auth/callers.service';
import type { Caller } from '../auth/jwt.strategy';
import { MemberNotFound } from '../members/members.errors';
import { StudyNotFound } from '../studies/studies.errors';

/** The caller, and where the study stands. */
interface PollRow extends CallerState {
  readonly step: Step;
}
export interface ProgressRow extends PollRow {
  readonly own_id: number | null;
}
/** One participant in the lobby; none at all in an empty one. */
export interface WaitingRow extends PollRow {
  readonly participant_id: number | null;
  readonly member_id: number | null;
  readonly nickname: string;
  readonly is_host: number;
  /** When the caller left the lobby. */
  readonly left_at: Date | null;
}
export interface SubmittedRow extends PollRow {
  readonly member_id: number | null;
  readonly nickname: string;
  readonly has_plan: number;
  readonly has_retrospect: number;
}

/** At least one: the caller's own. */
export type Rows<Row> = readonly [Row, ...Row[]];

// The caller comes first and everything else may be missing: so one row tells what is. Ids are given anew in each join:
// the database then finds each row by its key before it plans anything.
const PROGRESS = forCallers(
  (columns, login) =>
    `SELECT ${columns}, s.step, p.id AS own_id FROM member m ${login} LEFT JOIN study s ON s.id = ? ` +
    'LEFT JOIN participant p ON p.study_id = ? AND p.member_id = ? WHERE m.id = ?',
);
const WAITING = forCallers(
  (columns, login) =>
    `SELECT ${columns}, s.step, p.id AS participant_id, p.member_id, p.nickname, p.is_host, i.left_at ` +
    `FROM member m ${login} LEFT JOIN study s ON s.id = ? LEFT JOIN participant p ON p.study_id = ? ` +
    'LEFT JOIN invitation i ON i.study_id = ? AND i.member_id = ? WHERE m.id = ? ORDER BY p.id',
);
const SUBMITTED = forCallers(
  (columns, login) =>
    `SELECT ${columns}, s.step, p.member_id, p.nickname, c.plan IS NOT NULL AS has_plan, ` +
    `c.retrospect IS NOT NULL AS has_retrospect FROM member m ${login} LEFT JOIN study s ON s.id = ? ` +
    'LEFT JOIN participant p ON p.study_id = ? ' +
    'LEFT JOIN content c ON c.participant_id = p.id AND c.cycle = s.current_cycle WHERE m.id = ? ORDER BY p.id',
);

/**
 * What is polled: one prepared statement each, the caller's token, the study and the membership in it together.
 *
 * Each method throws, in this order, InvalidAccessToken, MemberNotFound and StudyNotFound.
 */
@Injectable()
export class PollingQueries {
  constructor(private readonly statements: Statements) {}

  async progress(caller: Caller, studyId: number): Promise<ProgressRow> {
    const { memberId } = caller;
    const statement = PROGRESS(caller, [studyId, studyId, memberId, memberId]);
    return (await this.rowsFor<ProgressRow>(caller, statement))[0];
  }

  waiting(caller: Caller, studyId: number): Promise<Rows<WaitingRow>> {
    const { memberId } = caller;
    return this.rowsFor(caller, WAITING(caller, [studyId, studyId, studyId, memberId, memberId]));
  }

  submitted(caller: Caller, studyId: number): Promise<Rows<SubmittedRow>> {
    return this.rowsFor(caller, SUBMITTED(caller, [studyId, studyId, caller.memberId]));
  }

  private async rowsFor<Row extends PollRow>(
    caller: Caller,
    statement: ReturnType<typeof PROGRESS>,
  ): Promise<Rows<Row>> {
    const rows = await this.statements.select<Row>(...statement);
    const [first] = rows;
    if (first === undefined) throw new MemberNotFound();
    refuseEnded(first, caller);
    if ((first.step as Step | null) === null) throw new StudyNotFound();
    return rows as [Row, ...Row[]];
  }
}
