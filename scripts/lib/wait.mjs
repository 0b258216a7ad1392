// @ts-check
import { setTimeout as sleep } from 'node:timers/promises';
import { Problem } from './problem.mjs';

/**
 * Asks again and again until the answer is something.
 *
 * @template T
 * @param {() => Promise<T | false | undefined> | T | false | undefined} ask
 * @param {{ timeoutMs: number, everyMs?: number, what: string, signal?: AbortSignal }} options `what` completes
 *   "waited 5 s for ..."
 * @returns {Promise<T>} the first answer that is neither false nor undefined
 * @throws {Problem} when the time is over
 */
export async function waitFor(ask, { timeoutMs, everyMs = 10, what, signal }) {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (performance.now() > deadline) throw new Problem(`Waited ${timeoutMs / 1000} s for ${what}.`);
    await sleep(everyMs, undefined, { signal });
  }
}
