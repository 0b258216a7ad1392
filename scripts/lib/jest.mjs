// @ts-check
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readIfThere } from './files.mjs';
import { ROOT } from './paths.mjs';

/** Two: what most machines of a CI have; the database and nginx want their share. */
const WORKERS = 2;

/**
 * What is used of jest's own results.
 *
 * @typedef {object} JestCounts
 * @property {number} numPassedTests
 * @property {number} numFailedTests
 * @property {number} numPendingTests
 * @property {number} numTodoTests
 * @property {number} numRuntimeErrorTestSuites files that could not be loaded
 */

/**
 * Runs jest once, on this process's own terminal. Signals for this process go to jest, which cleans up.
 *
 * @param {readonly string[]} args
 * @returns {Promise<{ ended: string, counts: JestCounts | undefined }>} `ended` is `code 0` when jest is content
 */
export async function runJest(args) {
  const folder = mkdtempSync(join(tmpdir(), 'haru-counts-'));
  const file = join(folder, 'counts.json');
  try {
    return { ended: await runToTheEnd(args, file), counts: parse(readIfThere(file)) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * @param {readonly string[]} args
 * @param {string} countsFile
 * @returns {Promise<string>}
 */
async function runToTheEnd(args, countsFile) {
  const reporters = ['default', join(ROOT, 'scripts/lib/jest-reporter.mjs')].map(
    (name) => `--reporters=${name}`,
  );
  // --reporters takes every word up to the next option: a caller's own words must not follow it.
  const options = [...reporters, `--maxWorkers=${WORKERS}`, ...args];
  const env = { ...process.env, HARU_JEST_COUNTS: countsFile };
  const child = spawn(process.execPath, [join(ROOT, 'node_modules/jest/bin/jest.js'), ...options], {
    cwd: ROOT,
    env,
    stdio: 'inherit',
  });
  const forward = (/** @type {NodeJS.Signals} */ signal) => void child.kill(signal);
  const signals = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);
  for (const signal of signals) process.on(signal, forward);
  try {
    return await new Promise((resolve) => {
      child.once('error', (error) => resolve(error.message));
      child.once('close', (code, killedBy) => resolve(killedBy ?? `code ${code}`));
    });
  } finally {
    for (const signal of signals) process.off(signal, forward);
  }
}

/**
 * Counts. A file that cannot be loaded is one failure; so is a jest that is not content although no test failed,
 * which happens when setting up or tearing down fails.
 *
 * @param {{ ended: string, counts: JestCounts | undefined }} outcome
 * @returns {{ passed: number, failed: number, skipped: number, reason?: string }}
 */
export function verdictOf({ ended, counts }) {
  if (counts === undefined) {
    return { passed: 0, failed: 1, skipped: 0, reason: `jest ended with ${ended} and left no counts.` };
  }
  const passed = counts.numPassedTests;
  const failed = counts.numFailedTests + counts.numRuntimeErrorTestSuites;
  const skipped = counts.numPendingTests + counts.numTodoTests;
  if (failed === 0 && ended !== 'code 0' && passed > 0) {
    return { passed, failed: 1, skipped, reason: `No test failed, but jest ended with ${ended}.` };
  }
  return { passed, failed, skipped, reason: passed + failed === 0 ? 'No test ran.' : undefined };
}

/** @param {string | undefined} text */
function parse(text) {
  return text === undefined || text === '' ? undefined : JSON.parse(text);
}
