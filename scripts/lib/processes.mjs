// @ts-check
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { writeFileAtomically } from './files.mjs';
import { waitFor } from './wait.mjs';

const HAS_PROC = existsSync('/proc/self/stat');

/**
 * A process that cannot be mistaken for a later one with the same pid.
 *
 * @typedef {{ readonly pid: number, readonly startedAt: string }} Identity `startedAt` is opaque: clock ticks since
 *   boot on Linux, a date on macOS
 */

/**
 * @param {number} pid
 * @returns {Identity | undefined} undefined when no such process runs (a zombie does not run)
 */
export function identityOf(pid) {
  const startedAt = HAS_PROC ? startTicks(pid) : startDate(pid);
  return startedAt === undefined ? undefined : { pid, startedAt };
}

/**
 * @param {Identity | undefined} identity
 * @returns {identity is Identity} whether this very process still runs
 */
export function isAlive(identity) {
  return identity !== undefined && identityOf(identity.pid)?.startedAt === identity.startedAt;
}

/**
 * Ends a process and waits until it has gone: politely first, by SIGKILL when the time is over.
 *
 * @param {Identity} identity
 * @param {{ graceMs: number, signal?: NodeJS.Signals }} options graceMs: time between the two signals
 * @returns {Promise<'gone' | 'stopped' | 'killed'>} gone: it did not run any more
 */
export async function stopProcess(identity, { graceMs, signal = 'SIGTERM' }) {
  if (!isAlive(identity)) return 'gone';
  send(identity, signal);
  try {
    await waitForEnd(identity, graceMs);
    return 'stopped';
  } catch {
    send(identity, 'SIGKILL');
    await waitForEnd(identity, 10_000);
    return 'killed';
  }
}

/**
 * Sends a signal, but never to a stranger who got the pid later.
 *
 * @param {Identity} identity
 * @param {NodeJS.Signals} signal
 */
export function send(identity, signal) {
  try {
    if (isAlive(identity)) process.kill(identity.pid, signal);
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'ESRCH') throw error;
  }
}

/**
 * @param {Identity} identity
 * @param {number} timeoutMs
 */
export async function waitForEnd(identity, timeoutMs) {
  const what = `process ${identity.pid} to end`;
  await waitFor(() => !isAlive(identity), { timeoutMs, what });
}

/**
 * Watches a process that may not be a child of ours, so that no exit event comes. Keeps nothing alive by itself.
 *
 * @param {Identity} identity
 * @returns {Promise<void>} settles within 200 ms of its end
 */
export function watchForEnd(identity) {
  return new Promise((resolve) => {
    const timer = setInterval(() => {
      if (isAlive(identity)) return;
      clearInterval(timer);
      resolve();
    }, 200);
    timer.unref();
  });
}

/**
 * @param {string} path of a file written by {@link writeProcessFile}
 * @returns {(Identity & Record<string, unknown>) | undefined} undefined when there is none, or it is unreadable
 */
export function readProcessFile(path) {
  try {
    const value = JSON.parse(readFileSync(path, 'utf8'));
    return Number.isInteger(value?.pid) && typeof value.startedAt === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}

/**
 * @param {string} path
 * @param {Identity & Record<string, unknown>} record the process and whatever else is worth knowing about it
 */
export function writeProcessFile(path, record) {
  writeFileAtomically(path, `${JSON.stringify(record)}\n`);
}

/** @param {string} path */
export function removeProcessFile(path) {
  rmSync(path, { force: true });
}

/**
 * Looks through the process table by command line: finds what a starter left that was killed before it wrote a file.
 *
 * @param {(args: readonly string[]) => boolean} isWanted gets the words of a command line (on macOS: split at blanks)
 * @returns {Identity[]}
 */
export function findProcesses(isWanted) {
  return commandLines()
    .filter(({ args }) => isWanted(args))
    .map(({ pid }) => identityOf(pid))
    .filter((identity) => identity !== undefined);
}

/** @returns {{ pid: number, args: string[] }[]} */
function commandLines() {
  if (HAS_PROC) {
    const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
    return pids.map((pid) => ({ pid: Number(pid), args: (readProc(pid, 'cmdline') ?? '').split('\0') }));
  }
  const lines = execFileSync('ps', ['-axo', 'pid=,command='], { encoding: 'utf8' }).split('\n');
  return lines.map((line) => {
    const [pid, ...args] = line.trim().split(/\s+/);
    return { pid: Number(pid), args };
  });
}

/**
 * @param {number | string} pid
 * @param {string} file
 */
function readProc(pid, file) {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return undefined;
  }
}

/**
 * Field 22 of stat. The name in field 2 may hold blanks and brackets, so the count starts behind the last bracket.
 *
 * @param {number} pid
 */
function startTicks(pid) {
  const stat = readProc(pid, 'stat');
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields === undefined || fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19];
}

/** @param {number} pid */
function startDate(pid) {
  try {
    const args = ['-o', 'stat=,lstart=', '-p', String(pid)];
    const [state, ...date] = execFileSync('ps', args, { encoding: 'utf8', stdio: 'pipe' })
      .trim()
      .split(/\s+/);
    return state === undefined || state.startsWith('Z') ? undefined : date.join(' ');
  } catch {
    return undefined;
  }
}
