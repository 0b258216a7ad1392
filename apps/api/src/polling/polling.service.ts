import { Injectable } from '@nestjs/common';
import { Clock } from '@app/kernel';
import { isRunning, STEPS, type Step } from '@app/pomodoro';
import { NotAllowed } from '../auth/auth.errors';
import type { Caller } from '../auth/jwt.strategy';
import { LIMITS } from '../http/limits';
import type { ParticipantView } from '../participants/participants.service';
import { toProgressStep, toStudyStep, type ProgressStep, type StudyStep } from '../studies/study.rules';
import { tagged, type Tagged } from './entity-tag';
import { PollingQueries, type SubmittedRow, type WaitingRow } from './polling-queries';
import { NothingToSubmit } from './polling.errors';

interface ProgressView {
  readonly progressStep: ProgressStep;
}
interface WaitingView {
  readonly studyStep: StudyStep;
  readonly participants: readonly ParticipantView[];
}
interface SubmittedView {
  readonly status: readonly { readonly nickname: string; readonly submitted: boolean }[];
}

/** There are no more answers than steps: each is made once. */
const PROGRESS = Object.fromEntries(
  STEPS.map((step) => [step, tagged({ progressStep: toProgressStep(step) } satisfies ProgressView)]),
) as Readonly<Record<Step, Tagged>>;

/**
 * What the web client asks every two or three seconds.
 *
 * Each method throws, in this order, InvalidAccessToken when the token was ended; MemberNotFound; StudyNotFound;
 * NotAllowed for one who is not in the study.
 */
@Injectable()
export class PollingService {
  constructor(
    private readonly queries: PollingQueries,
    private readonly clock: Clock,
  ) {}

  async progress(caller: Caller, studyId: number): Promise<Tagged> {
    const { step, own_id } = await this.queries.progress(caller, studyId);
    if (own_id === null) throw new NotAllowed();
    return PROGRESS[step];
  }

  /**
   * The lobby; also for one who has just left it. Nobody is listed while there is no host: that is how the others learn
   * that the host has left.
   */
  async waiting(caller: Caller, studyId: number): Promise<Tagged> {
    const rows = await this.queries.waiting(caller, studyId);
    const [{ step, left_at }] = rows;
    if (!isIn(rows, caller) && !this.hasJustLeft(left_at)) throw new NotAllowed();
    const hasHost = rows.some((row) => row.is_host === 1);
    const participants = hasHost ? rows.map(toParticipant) : [];
    return tagged({ studyStep: toStudyStep(step), participants } satisfies WaitingView);
  }

  /**
   * Who has handed in what the current step asks for. While studying nothing is asked, so everybody has.
   *
   * @throws NothingToSubmit in the lobby and at the end
   */
  async submitted(caller: Caller, studyId: number): Promise<Tagged> {
    const rows = await this.queries.submitted(caller, studyId);
    if (!isIn(rows, caller)) throw new NotAllowed();
    if (!isRunning(rows[0].step)) throw new NothingToSubmit();
    const status = rows.map((row) => ({ nickname: row.nickname, submitted: hasSubmitted(row) }));
    return tagged({ status } satisfies SubmittedView);
  }

  private hasJustLeft(leftAt: Date | null): boolean {
    return leftAt !== null && this.clock.now().getTime() - leftAt.getTime() < LIMITS.leaverPollsMs;
  }
}

function isIn(rows: readonly { readonly member_id: number | null }[], { memberId }: Caller): boolean {
  return rows.some(({ member_id }) => member_id === memberId);
}

function toParticipant({ participant_id, nickname, is_host }: WaitingRow): ParticipantView {
  return { participantId: participant_id ?? 0, nickname, isHost: is_host === 1 };
}

function hasSubmitted({ step, has_plan, has_retrospect }: SubmittedRow): boolean {
  if (step === 'PLANNING') return has_plan === 1;
  return step === 'RETROSPECT' ? has_retrospect === 1 : true;
}
