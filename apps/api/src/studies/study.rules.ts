import type { Step } from '@app/pomodoro';

/** How a study's step is told in lists and to the record: the lobby, under way, or over. */
export type StudyStep = 'waiting' | 'inProgress' | 'done';
/** The step as the polling clients know it. */
export type ProgressStep = 'waiting' | 'planning' | 'studying' | 'retrospect' | 'done';

export const STUDY_STEPS = ['waiting', 'inProgress', 'done'] as const satisfies readonly StudyStep[];
export const PROGRESS_STEPS = [
  'waiting',
  'planning',
  'studying',
  'retrospect',
  'done',
] as const satisfies readonly ProgressStep[];

const STUDY_STEP_OF = {
  WAITING: 'waiting',
  PLANNING: 'inProgress',
  STUDYING: 'inProgress',
  RETROSPECT: 'inProgress',
  DONE: 'done',
} as const satisfies Record<Step, StudyStep>;

const PROGRESS_STEP_OF = {
  WAITING: 'waiting',
  PLANNING: 'planning',
  STUDYING: 'studying',
  RETROSPECT: 'retrospect',
  DONE: 'done',
} as const satisfies Record<Step, ProgressStep>;

export function toStudyStep(step: Step): StudyStep {
  return STUDY_STEP_OF[step];
}

export function toProgressStep(step: Step): ProgressStep {
  return PROGRESS_STEP_OF[step];
}

/**
 * The step as a study's own page shows it: a study that waits is shown as planning, one that is over as looking back.
 * The web client has no page for the other two.
 */
export function toShownStep(step: Step): ProgressStep {
  if (step === 'WAITING') return 'planning';
  return step === 'DONE' ? 'retrospect' : PROGRESS_STEP_OF[step];
}

/**
 * Whether a lobby that nobody is in has stood empty for too long to be joined.
 *
 * @param vacantSinceMs ms since the epoch; `null` while somebody is in
 */
export function isAbandoned(
  step: Step,
  vacantSinceMs: number | null,
  nowMs: number,
  keptMs: number,
): boolean {
  return step === 'WAITING' && vacantSinceMs !== null && nowMs - vacantSinceMs >= keptMs;
}
