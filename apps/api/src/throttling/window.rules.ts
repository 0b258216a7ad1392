/** One of the equal stretches of time in which calls are counted. */
export interface Window {
  /** Counted from the epoch. */
  readonly number: number;
  /** In ms since the epoch; this instant belongs to the next window. */
  readonly endsAtMs: number;
}

/**
 * The window in which an instant lies. It follows from the two alone, so processes agree on it without asking.
 *
 * @param shift moves the windows of one key against those of another, from 0 up to 1: else everybody who was refused
 *   would come back at the same instant
 */
export function windowAt(nowMs: number, windowMs: number, shift: number): Window {
  const offsetMs = Math.floor(windowMs * shift);
  const number = Math.floor((nowMs - offsetMs) / windowMs);
  return { number, endsAtMs: (number + 1) * windowMs + offsetMs };
}

/** How long one who was refused must wait, in whole s: never too short, and at least 1. */
export function secondsUntil(instantMs: number, nowMs: number): number {
  return Math.max(1, Math.ceil((instantMs - nowMs) / 1_000));
}
