// @ts-check
import { join } from 'node:path';
import { readIfThere } from '../../lib/files.mjs';

/** A step is known to be done this soon after its end. */
const LOOK_EVERY_MS = 10;

/**
 * Which releases may answer a request that is sent now: during a switch the old and the new one, then the new one.
 *
 * @param {string} first the release that serves at the beginning
 */
export function releaseWatch(first) {
  let allowed = [first];
  return {
    begin: (/** @type {string} */ release) => void (allowed = [...allowed, release]),
    end: (/** @type {string} */ release) => void (allowed = [release]),
    mayAnswer() {
      const now = allowed;
      // A switch may begin while the request is under way: what came after the request counts as well.
      return (/** @type {string | undefined} */ release) =>
        release !== undefined && (now.includes(release) || allowed.includes(release));
    },
  };
}

/** @typedef {ReturnType<typeof releaseWatch>} ReleaseWatch */

/**
 * Follows a deploy by its journal: once the new release is verified, nobody else may answer.
 *
 * @param {string} stateDir
 * @param {string} release
 * @param {() => void} onVerified
 * @returns {() => void} stops following
 */
export function followVerification(stateDir, release, onVerified) {
  const timer = setInterval(() => {
    const entries = readJournal(stateDir);
    const isThisRun = entries.some(({ phase, to }) => phase === 'begin' && to?.release === release);
    if (!isThisRun || !entries.some(({ phase, step }) => phase === 'after' && step === 'verify')) return;
    clearInterval(timer);
    onVerified();
  }, LOOK_EVERY_MS);
  return () => clearInterval(timer);
}

/**
 * @param {string} stateDir
 * @returns {{ phase: string, step?: string, to?: { release: string } }[]} a line that is being written counts as not there
 */
export function readJournal(stateDir) {
  const lines = (readIfThere(join(stateDir, 'journal.jsonl')) ?? '').split('\n');
  return lines.flatMap((line) => {
    try {
      return [JSON.parse(line)];
    } catch {
      return [];
    }
  });
}
