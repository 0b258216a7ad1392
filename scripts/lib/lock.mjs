// @ts-check
import { spawn } from 'node:child_process';
import { closeSync, ftruncateSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findCommand } from './commands.mjs';
import { readIfThere } from './files.mjs';
import { identityOf, isAlive } from './processes.mjs';

/**
 * Who holds a lock, as written into its file.
 *
 * @typedef {import('./processes.mjs').Identity & Readonly<Record<string, unknown>>} Holder
 */

/**
 * @typedef {object} Lock
 * @property {(more: Readonly<Record<string, unknown>>) => void} tell tells others more about the holder
 * @property {() => void} release
 */

/**
 * Takes a lock that a dead holder cannot keep. Where flock(1) exists the kernel holds it: it belongs to the file
 * descriptor that stays open in this process and that no child inherits. Elsewhere the living process named in the
 * file holds it.
 *
 * @param {string} path
 * @param {Readonly<Record<string, unknown>>} [about] what others should read about this holder
 * @returns {Promise<{ lock: Lock } | { holder: Holder | undefined }>} the lock, or who has it
 */
export async function tryLock(path, about = {}) {
  mkdirSync(dirname(path), { recursive: true });
  const fd = openSync(path, 'a+');
  const flock = findCommand('flock');
  // Without the kernel's help, no turn of the event loop may pass between looking and taking.
  const isTaken = flock === undefined ? isAlive(readHolder(path)) : await isRefused(flock, fd);
  if (!isTaken) return { lock: holdBy(fd, about) };
  closeSync(fd);
  return { holder: readHolder(path) };
}

/**
 * Waits for a lock and holds it while the work lasts.
 *
 * @template T
 * @param {string} path
 * @param {() => Promise<T>} work
 * @param {{ onWait?: (holder: Holder | undefined) => void, signal?: AbortSignal }} [options]
 * @returns {Promise<T>}
 */
export async function withLock(path, work, { onWait, signal } = {}) {
  let told = false;
  for (;;) {
    const result = await tryLock(path);
    if ('lock' in result) return work().finally(() => result.lock.release());
    if (!told) onWait?.(result.holder);
    told = true;
    await sleep(100, undefined, { signal });
  }
}

/**
 * @param {number} fd
 * @param {Readonly<Record<string, unknown>>} about
 * @returns {Lock}
 */
function holdBy(fd, about) {
  /** @param {Readonly<Record<string, unknown>>} more */
  const tell = (more) => {
    const holder = { ...identityOf(process.pid), ...about, ...more };
    ftruncateSync(fd);
    writeSync(fd, `${JSON.stringify(holder)}\n`);
  };
  tell({});
  const release = () => {
    ftruncateSync(fd);
    closeSync(fd);
  };
  return { tell, release };
}

/**
 * `flock -n 3` locks the open file behind its descriptor 3, which is ours: the lock outlives flock itself.
 *
 * @param {string} flock
 * @param {number} fd
 * @returns {Promise<boolean>}
 */
function isRefused(flock, fd) {
  const child = spawn(flock, ['-n', '3'], { stdio: ['ignore', 'ignore', 'ignore', fd] });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code !== 0));
  });
}

/**
 * @param {string} path
 * @returns {Holder | undefined}
 */
function readHolder(path) {
  try {
    return JSON.parse(readIfThere(path) ?? '') ?? undefined;
  } catch {
    return undefined;
  }
}
