import { Injectable } from '@nestjs/common';
import { Statements } from '@app/database';
import type { Step } from '@app/pomodoro';
import type { EntityManager } from 'typeorm';

/** What a participant writes in a cycle. */
export type ContentKind = 'plan' | 'retrospect';

export interface ContentRow {
  /** The caller's own seat; `null` for one who is not in the study. */
  readonly own_id: number | null;
  /** The participant asked for; `null` when it is not in the study. */
  readonly participant_id: number | null;
  readonly cycle: number | null;
  readonly plan: string | null;
  readonly retrospect: string | null;
}

/** Why a write may have matched nothing. */
export interface WriteFacts {
  readonly step: Step;
  readonly member_exists: number;
  readonly participant_study_id: number | null;
  readonly participant_member_id: number | null;
  readonly content_exists: number;
}

const OF_PARTICIPANT =
  'SELECT own.id AS own_id, p.id AS participant_id, c.cycle, c.plan, c.retrospect FROM study s ' +
  'LEFT JOIN participant own ON own.study_id = s.id AND own.member_id = ? ' +
  'LEFT JOIN participant p ON p.id = ? AND p.study_id = s.id ' +
  'LEFT JOIN content c ON c.participant_id = p.id WHERE s.id = ? ORDER BY c.cycle';

/** The study's row is read under a lock, so that no plan lands after the step has changed. */
const write = (column: ContentKind) =>
  `UPDATE content c JOIN participant p ON p.id = c.participant_id JOIN study s ON s.id = p.study_id SET c.${column} = ? ` +
  'WHERE p.id = ? AND p.member_id = ? AND s.id = ? AND s.step = ? AND c.cycle = s.current_cycle';

const WRITE = {
  plan: { sql: write('plan'), step: 'PLANNING' },
  retrospect: { sql: write('retrospect'), step: 'RETROSPECT' },
} as const satisfies Record<ContentKind, { sql: string; step: Step }>;

const FACTS =
  'SELECT s.step, EXISTS (SELECT 1 FROM member m WHERE m.id = ?) AS member_exists, ' +
  'p.study_id AS participant_study_id, p.member_id AS participant_member_id, ' +
  'EXISTS (SELECT 1 FROM content c WHERE c.participant_id = p.id AND c.cycle = s.current_cycle) AS content_exists ' +
  'FROM study s LEFT JOIN participant p ON p.id = ? WHERE s.id = ?';

const ERASE =
  'UPDATE content c JOIN participant p ON p.id = c.participant_id SET c.plan = NULL, c.retrospect = NULL WHERE p.member_id = ?';

export interface Write {
  readonly callerId: number;
  readonly studyId: number;
  readonly participantId: number;
}

@Injectable()
export class ContentQueries {
  constructor(private readonly statements: Statements) {}

  /** One row for each cycle, in order; no row at all means that there is no such study. */
  ofParticipant(callerId: number, studyId: number, participantId: number): Promise<readonly ContentRow[]> {
    return this.statements.select<ContentRow>(OF_PARTICIPANT, [callerId, participantId, studyId]);
  }

  /**
   * Writes into the content of the current cycle, if the study is in the step for it: one guarded statement.
   *
   * @param json `null` is "not written"
   * @returns whether there was something to write into
   */
  async write(
    kind: ContentKind,
    { callerId, studyId, participantId }: Write,
    json: string | null,
  ): Promise<boolean> {
    const { sql, step } = WRITE[kind];
    return (await this.statements.update(sql, [json, participantId, callerId, studyId, step])) > 0;
  }

  async eraseAllOf(em: EntityManager, memberId: number): Promise<void> {
    await em.query(ERASE, [memberId]);
  }

  async facts({ callerId, studyId, participantId }: Write): Promise<WriteFacts | undefined> {
    return (await this.statements.select<WriteFacts>(FACTS, [callerId, participantId, studyId]))[0];
  }
}

/** The step in which each kind is written. */
export function stepFor(kind: ContentKind): Step {
  return WRITE[kind].step;
}
