// @ts-check
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { builtFile } from '../paths.mjs';
import { Problem, say } from '../problem.mjs';
import {
  identityOf,
  isAlive,
  readProcessFile,
  removeProcessFile,
  stopProcess,
  writeProcessFile,
} from '../processes.mjs';
import { waitFor } from '../wait.mjs';
import { get } from './http.mjs';

const READY_TIMEOUT_MS = 60_000;
/** On top of the time that the server takes for itself to let requests finish. */
const STOP_MARGIN_MS = 5_000;
const DEFAULT_DRAIN_MS = 10_000;

/**
 * @typedef {object} Api a running server process
 * @property {number} pid
 * @property {Promise<string>} ended says how it ended, such as `code 1`
 * @property {() => Promise<void>} stop lets requests finish first
 * @property {() => void} kill
 */

/**
 * Starts the server and waits until it serves. Its output goes straight to ours.
 *
 * @param {string} folder the data folder
 * @param {NodeJS.ProcessEnv} env complete
 * @param {import('./settings.mjs').Listen} listen
 * @param {AbortSignal} signal
 * @returns {Promise<Api>}
 * @throws {Problem} when it ends, or does not serve in time
 */
export async function startApi(folder, env, listen, signal) {
  // A group of its own: Ctrl-C must reach it once, from us, since a second signal means "at once".
  const child = spawn(process.execPath, [builtFile('api')], { env, detached: true, stdio: ['ignore', 1, 2] });
  const ended = new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, killedBy) => resolve(killedBy ?? `code ${code}`));
  });
  const identity = child.pid === undefined ? undefined : identityOf(child.pid);
  if (identity === undefined) throw new Problem(`The server did not start: ${await ended}.`);
  writeProcessFile(recordOf(folder), identity);
  const graceMs = Number(env.DRAIN_TIMEOUT_MS || DEFAULT_DRAIN_MS) + STOP_MARGIN_MS;
  const stop = async () => {
    await stopProcess(identity, { graceMs });
    removeProcessFile(recordOf(folder));
  };
  try {
    const early = ended.then((how) => Promise.reject(new Problem(`The server ended with ${how}.`)));
    await Promise.race([early, waitUntilItServes(identity.pid, listen, signal)]);
  } catch (error) {
    await stop();
    throw error;
  }
  return { pid: identity.pid, ended, stop, kill: () => void child.kill('SIGKILL') };
}

/**
 * Stops the server that a killed `npm start` has left in this folder. Nothing else: a process whose recorded start
 * time does not match is a stranger.
 *
 * @param {string} folder the data folder
 */
export async function stopLeftApi(folder) {
  const left = readProcessFile(recordOf(folder));
  if (isAlive(left)) {
    say(`Stopping the server that an earlier npm start has left (process ${left.pid}).`);
    await stopProcess(left, { graceMs: DEFAULT_DRAIN_MS + STOP_MARGIN_MS });
  }
  removeProcessFile(recordOf(folder));
}

/**
 * Who answers must be the process that was started: another one could hold the port.
 *
 * @param {number} pid
 * @param {import('./settings.mjs').Listen} listen
 * @param {AbortSignal} signal
 */
async function waitUntilItServes(pid, listen, signal) {
  const ask = async () => {
    const answer = await get(listen, '/health/ready');
    return answer?.status === 200 && answer.body.pid === pid;
  };
  await waitFor(ask, { timeoutMs: READY_TIMEOUT_MS, everyMs: 25, what: 'the server to be ready', signal });
}

/** @param {string} folder */
function recordOf(folder) {
  return join(folder, 'api.json');
}
