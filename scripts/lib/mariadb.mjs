// @ts-check
import { mkdirSync, existsSync, renameSync, rmSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { dirname, join, resolve } from 'node:path';
import { ensureCommand } from './commands.mjs';
import { answers, databaseUrl } from './mariadb-address.mjs';
import { MARIADB, serverFlags, temporaryDir } from './mariadb-flags.mjs';
import { forgetSocket, placeSocket, rememberedSocket } from './mariadb-socket.mjs';
import { readIfThere, writeFileAtomically } from './files.mjs';
import * as processes from './processes.mjs';
import { Problem } from './problem.mjs';
import { run } from './run.mjs';
import { waitFor } from './wait.mjs';

const START_TIMEOUT_MS = 30_000;
const STOP_GRACE_MS = 30_000;

/**
 * @typedef {object} MariadbOptions
 * @property {boolean} [fast] for tests: nothing is kept safe from a power cut, and `kill` is the way to end it
 * @property {string} [database] created when missing; `haru` by default
 * @property {AbortSignal} [signal] ends a start that is under way
 */

/**
 * A private MariaDB server that runs: no TCP port, one unix socket, everything in one folder.
 *
 * @typedef {object} Mariadb
 * @property {string} dir
 * @property {string} socket path of its unix socket
 * @property {number} pid
 * @property {processes.Identity} identity
 * @property {boolean} adopted it was running already
 * @property {(database?: string) => string} url value for `DATABASE_URL`
 * @property {() => Promise<void>} stop a clean end (1-2 s); the data stays
 * @property {() => Promise<void>} kill an end like a power cut (25 ms)
 * @property {Promise<void>} ended settles when the server has gone, for whatever reason
 */

/**
 * Finds or installs what a private MariaDB in this folder needs, and starts nothing.
 *
 * @param {string} dir
 * @param {AbortSignal} [signal]
 * @returns {Promise<string>} path of the server program
 * @throws {Problem} when it is missing and cannot be installed, with the commands for it
 */
export async function ensureMariadb(dir, signal) {
  const program = await ensureCommand(MARIADB.servers, MARIADB.packages, signal);
  if (existsSync(join(resolve(dir), 'data'))) return program;
  await ensureCommand(MARIADB.installerNeeds, MARIADB.packages, signal);
  await ensureCommand(MARIADB.installers, MARIADB.packages, signal);
  return program;
}

/**
 * Makes the files of a private MariaDB, when they are missing. Half-made ones never count.
 *
 * @param {string} dir
 * @param {MariadbOptions} [options]
 * @throws {Problem} when MariaDB is missing and cannot be installed
 */
export async function createMariadb(dir, { signal } = {}) {
  const data = join(resolve(dir), 'data');
  if (existsSync(data)) return;
  await ensureMariadb(dir, signal);
  const install = await ensureCommand(MARIADB.installers, MARIADB.packages, signal);
  const draft = `${data}.new`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(dirname(draft), { recursive: true, mode: 0o700 });
  const places = [`--datadir=${draft}`, `--tmpdir=${makeTemporaryDir(dirname(draft))}`];
  const args = ['--no-defaults', ...places, ...MARIADB.installFlags, ...MARIADB.shapeFlags];
  await run(install, args, { signal });
  renameSync(draft, data);
}

/** @param {string} home */
function makeTemporaryDir(home) {
  const folder = temporaryDir(home);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return folder;
}

/**
 * Starts the private MariaDB of a folder, or adopts the one that runs there. Makes it first when there is none.
 *
 * @param {string} dir
 * @param {MariadbOptions} [options]
 * @returns {Promise<Mariadb>} it answers on its socket
 * @throws {Problem} with the last lines of its log
 */
export async function startMariadb(dir, options = {}) {
  const home = resolve(dir);
  const left = findRunning(home);
  if (left !== undefined && (await canAdopt(home))) return handle(home, left, true);
  // It runs, but nobody can reach it any more: its socket was removed, or it hangs.
  if (left !== undefined) await processes.stopProcess(left, { graceMs: STOP_GRACE_MS });
  await createMariadb(home, options);
  const program = await ensureMariadb(home, options.signal);
  const identity = await launch(home, program, options);
  return handle(home, identity, false);
}

/**
 * Stops the server of a folder, if one runs there.
 *
 * @param {string} dir
 * @param {{ kill?: boolean }} [options] kill: like a power cut
 */
export async function stopMariadb(dir, { kill = false } = {}) {
  const home = resolve(dir);
  const identity = findRunning(home);
  if (identity !== undefined) {
    await processes.stopProcess(identity, { graceMs: STOP_GRACE_MS, signal: kill ? 'SIGKILL' : 'SIGTERM' });
  }
  processes.removeProcessFile(recordOf(home));
  forgetSocket(home);
}

/**
 * @param {string} home
 * @returns {processes.Identity | undefined} the server that works on this folder
 */
function findRunning(home) {
  const recorded = processes.readProcessFile(recordOf(home));
  if (processes.isAlive(recorded)) return recorded;
  const ours = `--datadir=${join(home, 'data')}`;
  const [found] = processes.findProcesses(
    (args) => /(mariadbd|mysqld)$/.test(args[0] ?? '') && args.includes(ours),
  );
  if (found !== undefined) processes.writeProcessFile(recordOf(home), found);
  return found;
}

/** @param {string} home */
async function canAdopt(home) {
  const socket = rememberedSocket(home);
  if (socket === undefined) return false;
  // It may be starting up: its starter was killed the moment before.
  return waitFor(() => answers(socket), { timeoutMs: 5_000, what: 'the running MariaDB' }).catch(() => false);
}

/**
 * @param {string} home
 * @param {string} program
 * @param {MariadbOptions} options
 */
async function launch(home, program, { fast = false, database = 'haru', signal }) {
  makeTemporaryDir(home);
  const socket = placeSocket(home);
  const log = join(home, 'error.log');
  const init = join(home, 'init.sql');
  writeFileAtomically(init, `CREATE DATABASE IF NOT EXISTS \`${database}\`;\n`);
  rmSync(log, { force: true });
  const flags = [...serverFlags({ home, socket, log, init }), ...(fast ? MARIADB.fastFlags : [])];
  // A group of its own, so that Ctrl-C in the terminal does not reach it: its starter stops it when all is quiet.
  const child = spawn(program, flags, { detached: true, stdio: 'ignore', cwd: home });
  child.unref();
  const started = await new Promise((done) => {
    child.once('spawn', () => done(true));
    child.once('error', () => done(false));
  });
  const identity = started && child.pid !== undefined ? processes.identityOf(child.pid) : undefined;
  if (identity === undefined) throw new Problem(`MariaDB did not start (${program}).${logTail(log)}`);
  processes.writeProcessFile(recordOf(home), { ...identity, socket });
  await waitForAnswer(identity, socket, log, signal);
  return identity;
}

/**
 * @param {processes.Identity} identity
 * @param {string} socket
 * @param {string} log
 * @param {AbortSignal} [signal]
 */
async function waitForAnswer(identity, socket, log, signal) {
  const ask = async () => {
    if (!processes.isAlive(identity)) throw new Problem(`MariaDB ended while it started.${logTail(log)}`);
    return answers(socket);
  };
  try {
    await waitFor(ask, { timeoutMs: START_TIMEOUT_MS, what: 'MariaDB', signal });
  } catch (error) {
    await processes.stopProcess(identity, { graceMs: STOP_GRACE_MS });
    throw error;
  }
}

/** @param {string} log */
function logTail(log) {
  const lines = readIfThere(log)?.trimEnd().split('\n').slice(-15) ?? [];
  return lines.length === 0 ? '' : ` The end of ${log}:\n${lines.join('\n')}`;
}

/**
 * @param {string} home
 * @param {processes.Identity} identity
 * @param {boolean} adopted
 * @returns {Mariadb}
 */
function handle(home, identity, adopted) {
  const socket = rememberedSocket(home) ?? '';
  return {
    dir: home,
    socket,
    pid: identity.pid,
    identity,
    adopted,
    url: (database = 'haru') => databaseUrl(socket, database),
    stop: () => stopMariadb(home),
    kill: () => stopMariadb(home, { kill: true }),
    ended: processes.watchForEnd(identity),
  };
}

/** @param {string} home */
function recordOf(home) {
  return join(home, 'mariadb.json');
}
