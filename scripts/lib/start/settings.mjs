// @ts-check
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { databaseUrl } from '../mariadb-address.mjs';
import { ROOT } from '../paths.mjs';
import { freePort, tryToListen, whoListens } from '../ports.mjs';
import { Problem } from '../problem.mjs';
import { developmentSecret } from '../secret.mjs';

/**
 * Where the server will listen.
 *
 * @typedef {{ readonly socketPath: string } | { readonly host: string, readonly port: number }} Listen
 */

/**
 * Completes the environment by what `npm start` provides itself and checks all of it, before anything is started.
 *
 * @param {string} folder the data folder
 * @param {NodeJS.ProcessEnv} [given]
 * @returns {Promise<{ env: NodeJS.ProcessEnv, listen: Listen }>} `env` may still lack `DATABASE_URL`
 * @throws {Problem} naming every wrong setting
 */
export async function readSettings(folder, given = process.env) {
  // In production a secret must be given: a missing one is to be named, not made.
  const needsSecret = !given.JWT_SECRET && given.NODE_ENV !== 'production';
  const env = { ...given, ...(needsSecret ? { JWT_SECRET: developmentSecret(folder) } : {}) };
  const { host, port, socketPath } = check(env).listen;
  if (socketPath) return { env, listen: { socketPath } };
  // The port must be known here, to wait for it and to print it.
  const fixed = port === 0 ? await freePort(host) : port;
  return { env: { ...env, PORT: String(fixed) }, listen: { host, port: fixed } };
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @returns {{ listen: { host: string, port: number, socketPath?: string } }}
 */
function check(env) {
  const { loadConfig } = createRequire(import.meta.url)(join(ROOT, 'dist/libs/config/src/index.js'));
  try {
    return loadConfig({ ...env, DATABASE_URL: env.DATABASE_URL || databaseUrl('/private.sock', 'haru') });
  } catch (error) {
    if (error instanceof Error && error.name === 'InvalidSettings') throw new Problem(error.message);
    throw error;
  }
}

/**
 * @param {Listen} listen
 * @throws {Problem} that says who has the port, and the way out
 */
export async function checkPort(listen) {
  if ('socketPath' in listen) return;
  const { host, port } = listen;
  const result = await tryToListen(port, host);
  if (typeof result === 'number') return;
  if (result !== 'EADDRINUSE') throw new Problem(`Cannot listen on ${host}, port ${port}: ${result}.`);
  const who = whoListens(port);
  const name = who === undefined ? 'another program' : `process ${who.pid} (${who.command})`;
  throw new Problem(
    `Port ${port} on ${host} is taken by ${name}.\nTake another one:  PORT=${await nextFree(listen)} npm start`,
  );
}

/** @param {{ host: string, port: number }} listen */
async function nextFree({ host, port }) {
  for (let next = port + 1; next < Math.min(port + 20, 65_536); next++) {
    if (typeof (await tryToListen(next, host)) === 'number') return next;
  }
  return freePort(host);
}

/**
 * @param {Listen} listen
 * @returns {string} the address to open in a browser on this machine
 */
export function addressOf(listen) {
  if ('socketPath' in listen) return `http://localhost (unix socket ${listen.socketPath})`;
  const everywhere = ['127.0.0.1', '0.0.0.0', '::', '::1', 'localhost'].includes(listen.host);
  const host = everywhere ? 'localhost' : listen.host.includes(':') ? `[${listen.host}]` : listen.host;
  return `http://${host}:${listen.port}`;
}
