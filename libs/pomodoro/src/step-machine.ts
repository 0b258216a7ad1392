/** Where a study stands. The order is the order in which a study goes through them. */
export const STEPS = ['WAITING', 'PLANNING', 'STUDYING', 'RETROSPECT', 'DONE'] as const;
export type Step = (typeof STEPS)[number];

/** The step of a study and the cycle that it is in, counted from 1. */
export interface Progress {
  readonly step: Step;
  readonly cycle: number;
}

/** Cycles that a study may plan. */
export const TOTAL_CYCLE = { min: 1, max: 8 } as const;
/** Study time of one cycle, in whole minutes. */
export const TIME_PER_CYCLE_MIN = { min: 20, max: 60 } as const;

/** Thrown by {@link advance}: nothing follows the end. */
export class StudyAlreadyDone extends Error {
  override readonly name = 'StudyAlreadyDone';
}

const NEXT_STEP = {
  WAITING: 'PLANNING',
  PLANNING: 'STUDYING',
  STUDYING: 'RETROSPECT',
  RETROSPECT: 'PLANNING',
} as const satisfies Record<Exclude<Step, 'DONE'>, Step>;

/** Where every study begins. */
export const START: Progress = { step: 'WAITING', cycle: 1 };

/**
 * Moves a study one step on. The last retrospect ends the study; any earlier one opens the next cycle.
 *
 * @param totalCycle cycles planned, 1 or more
 * @throws StudyAlreadyDone when nothing follows (the contract's endpoint turns that into 204)
 */
export function advance({ step, cycle }: Progress, totalCycle: number): Progress {
  if (step === 'DONE') throw new StudyAlreadyDone();
  if (step !== 'RETROSPECT') return { step: NEXT_STEP[step], cycle };
  return cycle < totalCycle ? { step: 'PLANNING', cycle: cycle + 1 } : { step: 'DONE', cycle };
}

/** Whether people are at work: the study has begun and has not ended. */
export function isRunning(step: Step): boolean {
  return step !== 'WAITING' && step !== 'DONE';
}
