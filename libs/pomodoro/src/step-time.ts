import type { Step } from './step-machine';

const MINUTE_MS = 60_000;

/** Planning and looking back last this long, in minutes. */
export const PLAN_OR_RETROSPECT_MIN = 10;

/**
 * How long a step is meant to last, in ms; `null` for a step that is not timed (WAITING, DONE).
 *
 * @param timePerCycleMin study time of one cycle, in minutes
 */
export function stepLengthMs(step: Step, timePerCycleMin: number): number | null {
  if (step === 'STUDYING') return timePerCycleMin * MINUTE_MS;
  if (step === 'PLANNING' || step === 'RETROSPECT') return PLAN_OR_RETROSPECT_MIN * MINUTE_MS;
  return null;
}

/**
 * When a step is over, in ms since the epoch; `null` for a step that is not timed. Derived, never stored: nothing
 * ticks, so nothing is lost when a process ends.
 *
 * @param stepStartedAtMs ms since the epoch
 */
export function stepEndsAtMs(step: Step, stepStartedAtMs: number, timePerCycleMin: number): number | null {
  const lengthMs = stepLengthMs(step, timePerCycleMin);
  return lengthMs === null ? null : stepStartedAtMs + lengthMs;
}

/**
 * Time left of a step at an instant, in ms: never below 0, never above the step's length (an instant before the start
 * counts as the start); `null` for a step that is not timed.
 */
export function timeLeftMs(
  step: Step,
  stepStartedAtMs: number,
  timePerCycleMin: number,
  nowMs: number,
): number | null {
  const lengthMs = stepLengthMs(step, timePerCycleMin);
  if (lengthMs === null) return null;
  return Math.min(lengthMs, Math.max(0, stepStartedAtMs + lengthMs - nowMs));
}
