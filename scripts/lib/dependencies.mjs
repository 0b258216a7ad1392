// @ts-check
import { join } from 'node:path';
import { hashOfFiles, readIfThere, writeFileAtomically } from './files.mjs';
import { withLock } from './lock.mjs';
import { ROOT } from './paths.mjs';
import { say } from './problem.mjs';
import { run } from './run.mjs';

const LOCK_FILE = join(ROOT, 'package-lock.json');
const STAMP = join(ROOT, 'node_modules/.haru-study');
/** One installer or builder at a time in this checkout, whatever `DATA_DIR` says. */
export const PREPARE_LOCK = join(ROOT, '.data/prepare.lock');

/**
 * Installs what `package-lock.json` names unless exactly that is installed already.
 *
 * @param {{ signal?: AbortSignal }} [options]
 * @throws {import('./problem.mjs').Problem} with npm's last lines
 */
export async function ensureDependencies({ signal } = {}) {
  if (isInstalled()) return;
  await withLock(PREPARE_LOCK, () => install(signal), {
    signal,
    onWait: (holder) => say(`Waiting for process ${holder?.pid ?? '?'}, which installs or builds here.`),
  });
}

/** @param {AbortSignal} [signal] */
async function install(signal) {
  if (isInstalled()) return;
  if (!matchesLock(readJson(LOCK_FILE), readJson(join(ROOT, 'node_modules/.package-lock.json')))) {
    say('Installing dependencies (npm ci; half a minute the first time).');
    const npm = process.env.npm_execpath;
    const [command, first] = npm?.endsWith('.js') ? [process.execPath, [npm]] : ['npm', []];
    // NODE_ENV=production would leave out the compiler. The variable stops a package that phones home.
    const env = { ...process.env, SCARF_ANALYTICS: 'false' };
    await run(command, [...first, 'ci', '--include=dev', '--loglevel=error'], { env, signal });
  }
  writeFileAtomically(STAMP, hashOfFiles(ROOT, [LOCK_FILE]));
}

function isInstalled() {
  return readIfThere(STAMP) === hashOfFiles(ROOT, [LOCK_FILE]);
}

/**
 * @typedef {{ packages?: Record<string, { version?: string, optional?: boolean }> }} Lock
 */

/**
 * Whether somebody's own `npm ci` has left just what the lock file names: npm notes what it installed in the same
 * form. Packages for other platforms are optional and missing.
 *
 * @param {Lock | undefined} wanted
 * @param {Lock | undefined} installed
 */
export function matchesLock(wanted, installed) {
  if (wanted?.packages === undefined || installed?.packages === undefined) return false;
  const there = installed.packages;
  return Object.entries(wanted.packages).every(
    ([path, { version, optional }]) =>
      path === '' || there[path]?.version === version || (optional === true && there[path] === undefined),
  );
}

/**
 * @param {string} path
 * @returns {Lock | undefined}
 */
function readJson(path) {
  const text = readIfThere(path);
  return text === undefined ? undefined : JSON.parse(text);
}
