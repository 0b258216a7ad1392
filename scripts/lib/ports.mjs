// @ts-check
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { findCommand } from './commands.mjs';
import { readIfThere } from './files.mjs';

/**
 * @param {string} [host]
 * @returns {Promise<number>} a port that nobody listens on now
 */
export async function freePort(host = '127.0.0.1') {
  const result = await tryToListen(0, host);
  if (typeof result === 'string') throw new Error(`no free port on ${host}: ${result}`);
  return result;
}

/**
 * Tries to listen and stops at once.
 *
 * @param {number} port 0: any free one
 * @param {string} host
 * @returns {Promise<number | string>} the port, or the error's code, such as `EADDRINUSE`
 */
export function tryToListen(port, host) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error) => resolve(/** @type {NodeJS.ErrnoException} */ (error).code ?? 'unknown'));
    server.listen(port, host, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : port));
    });
  });
}

/**
 * Finds out who listens on a TCP port, as far as this user may know.
 *
 * @param {number} port
 * @returns {{ pid: number, command: string } | undefined}
 */
export function whoListens(port) {
  const pid = readIfThere('/proc/net/tcp') === undefined ? askLsof(port) : searchProc(port);
  return pid === undefined ? undefined : { pid, command: commandOf(pid) };
}

/** @param {number} port */
function searchProc(port) {
  const sockets = ['tcp', 'tcp6'].flatMap((name) => listeningInodes(name, port)).map((i) => `socket:[${i}]`);
  if (sockets.length === 0) return undefined;
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const found = pids.find((pid) => openFiles(pid).some((file) => sockets.includes(file)));
  return found === undefined ? undefined : Number(found);
}

/**
 * Reads the kernel's table: the local address with its port in hex, the state (0A listens), the inode.
 *
 * @param {string} table
 * @param {number} port
 */
function listeningInodes(table, port) {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const rows = (readIfThere(`/proc/net/${table}`) ?? '').split('\n').map((line) => line.trim().split(/\s+/));
  return rows.filter((row) => row[1]?.endsWith(suffix) && row[3] === '0A').map((row) => row[9]);
}

/** @param {string} pid */
function openFiles(pid) {
  try {
    return readdirSync(`/proc/${pid}/fd`).map((fd) => readlink(`/proc/${pid}/fd/${fd}`));
  } catch {
    return [];
  }
}

/** @param {string} path */
function readlink(path) {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

/** @param {number} port */
function askLsof(port) {
  const lsof = findCommand('lsof');
  if (lsof === undefined) return undefined;
  try {
    const args = ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-t'];
    return Number(execFileSync(lsof, args, { encoding: 'utf8', stdio: 'pipe' }).split('\n')[0]) || undefined;
  } catch {
    return undefined;
  }
}

/** @param {number} pid */
function commandOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').join(' ').trim().slice(0, 120);
  } catch {
    return '';
  }
}
