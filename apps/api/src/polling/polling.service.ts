import { Injectable } from '@nestjs/common';
import { Statements } from '@app/database';
import { Clock } from '@app/kernel';
import { isRunning, type Step } from '@app/pomodoro';
import { NotAllowed } from '../auth/auth.errors';
import { LIMITS } from '../http/limits';
import type { ParticipantView } from '../participants/participants.service';
import { StudyNotFound } from '../studies/studies.errors';
import { toProgressStep, toStudyStep, type ProgressStep, type StudyStep } from '../studies/study.rules';
import { NothingToSubmit } from './polling.errors';

interface ProgressRow {
  readonly step: Step;
  readonly own_id: number | null;
}
interface WaitingRow {
  readonly step: Step;
  readonly participant_id: number | null;
  readonly member_id: number | null;
  readonly nickname: string;
  readonly is_host: number;
  readonly left_at: Date | null;
}
interface SubmittedRow {
  readonly step: Step;
  readonly member_id: number | null;
  readonly nickname: string;
  readonly has_plan: number;
  readonly has_retrospect: number;
}

export interface ProgressView {
  readonly progressStep: ProgressStep;
}
export interface WaitingView {
  readonly studyStep: StudyStep;
  readonly participants: readonly ParticipantView[];
}
export interface SubmittedView {
  readonly status: readonly { readonly nickname: string; readonly submitted: boolean }[];
}

const PROGRESS =
  'SELECT s.step, p.id AS own_id FROM study s LEFT JOIN participant p ON p.study_id = s.id AND p.member_id = ? WHERE s.id = ?';
const WAITING =
  'SELECT s.step, p.id AS participant_id, p.member_id, p.nickname, p.is_host, i.left_at FROM study s ' +
  'LEFT JOIN participant p ON p.study_id = s.id ' +
  'LEFT JOIN invitation i ON i.study_id = s.id AND i.member_id = ? WHERE s.id = ? ORDER BY p.id';
const SUBMITTED =
  'SELECT s.step, p.member_id, p.nickname, c.plan IS NOT NULL AS has_plan, c.retrospect IS NOT NULL AS has_retrospect ' +
  'FROM study s LEFT JOIN participant p ON p.study_id = s.id ' +
  'LEFT JOIN content c ON c.participant_id = p.id AND c.cycle = s.current_cycle WHERE s.id = ? ORDER BY p.id';

/** What the web client asks every two or three seconds: one prepared statement each, membership and data together. */
@Injectable()
export class PollingService {
  constructor(
    private readonly statements: Statements,
    private readonly clock: Clock,
  ) {}

  /** @throws StudyNotFound; NotAllowed for one who is not in the study */
  async progress(callerId: number, studyId: number): Promise<ProgressView> {
    const [row] = await this.statements.select<ProgressRow>(PROGRESS, [callerId, studyId]);
    if (row === undefined) throw new StudyNotFound();
    if (row.own_id === null) throw new NotAllowed();
    return { progressStep: toProgressStep(row.step) };
  }

  /**
   * The lobby. Nobody is listed while there is no host: that is how the others learn that the host has left.
   *
   * @throws StudyNotFound; NotAllowed for one who is not in the study and has not just left it
   */
  async waiting(callerId: number, studyId: number): Promise<WaitingView> {
    const rows = await this.statements.select<WaitingRow>(WAITING, [callerId, studyId]);
    const [first] = rows;
    if (first === undefined) throw new StudyNotFound();
    const isIn = rows.some((row) => row.member_id === callerId);
    if (!isIn && !this.hasJustLeft(first.left_at)) throw new NotAllowed();
    const hasHost = rows.some((row) => row.is_host === 1);
    return { studyStep: toStudyStep(first.step), participants: hasHost ? rows.map(toParticipant) : [] };
  }

  /**
   * Who has handed in what the current step asks for. While studying nothing is asked, so everybody has.
   *
   * @throws StudyNotFound; NotAllowed for one who is not in the study; NothingToSubmit in the lobby and at the end
   */
  async submitted(callerId: number, studyId: number): Promise<SubmittedView> {
    const rows = await this.statements.select<SubmittedRow>(SUBMITTED, [studyId]);
    const [first] = rows;
    if (first === undefined) throw new StudyNotFound();
    if (!rows.some((row) => row.member_id === callerId)) throw new NotAllowed();
    if (!isRunning(first.step)) throw new NothingToSubmit();
    return { status: rows.map((row) => ({ nickname: row.nickname, submitted: hasSubmitted(row) })) };
  }

  private hasJustLeft(leftAt: Date | null): boolean {
    return leftAt !== null && this.clock.now().getTime() - leftAt.getTime() < LIMITS.leaverPollsMs;
  }
}

function toParticipant({ participant_id, nickname, is_host }: WaitingRow): ParticipantView {
  return { participantId: participant_id ?? 0, nickname, isHost: is_host === 1 };
}

function hasSubmitted({ step, has_plan, has_retrospect }: SubmittedRow): boolean {
  if (step === 'PLANNING') return has_plan === 1;
  return step === 'RETROSPECT' ? has_retrospect === 1 : true;
}
