// @ts-check
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startMariadb } from '../lib/mariadb.mjs';
import { builtFile } from '../lib/paths.mjs';
import { run } from '../lib/run.mjs';
import { startServer } from './server.mjs';

/** Connections of each server to the database: the default of the product, for both. */
const POOL_SIZE = '10';

/**
 * A folder with a database of its own, and servers on it.
 *
 * @typedef {object} Lab
 * @property {string} dir
 * @property {string} databaseUrl
 * @property {(options?: StartOptions) => Promise<import('./server.mjs').Server>} startApi
 * @property {(options?: StartOptions) => Promise<import('./server.mjs').Server>} startRaw
 * @property {() => Promise<void>} close ends the servers and the database and removes the folder
 */

/**
 * @typedef {object} StartOptions
 * @property {string} [socketPath] serve there instead of on a free port
 * @property {readonly string[]} [nodeFlags]
 */

/** @returns {Promise<Lab>} with all migrations applied */
export async function openLab() {
  const dir = mkdtempSync(join(tmpdir(), 'bench-'));
  // Flushed lazily: an fsync for each write would cost both servers the same and flatter the ratio.
  const mariadb = await startMariadb(join(dir, 'db'), { fast: true }).catch((error) => {
    rmSync(dir, { recursive: true, force: true });
    throw error;
  });
  /** @type {import('./server.mjs').Server[]} */
  const servers = [];
  const close = async () => {
    await Promise.all(servers.map((server) => server.stop()));
    await mariadb.kill();
    rmSync(dir, { recursive: true, force: true });
  };
  const settings = environment(mariadb.url());
  /** @param {string} name @param {string} file @returns {Lab['startApi']} */
  const starter = (name, file) => async (options) => {
    const server = await startServer({ name, dir, ...invocation(file, settings, options) });
    servers.push(server);
    return server;
  };
  const raw = join(import.meta.dirname, 'raw-server.mjs');
  try {
    await run(process.execPath, [builtFile('api', 'migrate.js')], { env: settings });
  } catch (error) {
    await close();
    throw error;
  }
  const databaseUrl = mariadb.url();
  return {
    dir,
    databaseUrl,
    startApi: starter('api', builtFile('api')),
    startRaw: starter('raw', raw),
    close,
  };
}

/** @param {string} databaseUrl @returns {Record<string, string>} production, with everything on that it has on there */
function environment(databaseUrl) {
  return {
    PATH: process.env.PATH ?? '',
    NODE_ENV: 'production',
    LOG_LEVEL: 'info',
    PORT: '0',
    DATABASE_URL: databaseUrl,
    DATABASE_POOL_SIZE: POOL_SIZE,
    JWT_SECRET: randomBytes(32).toString('hex'),
    // The whole load comes from one address.
    RATE_LIMITS: 'off',
  };
}

/**
 * @param {string} file
 * @param {Record<string, string>} settings
 * @param {StartOptions} [options]
 */
function invocation(file, settings, { socketPath, nodeFlags = [] } = {}) {
  const env = socketPath === undefined ? settings : { ...settings, SOCKET_PATH: socketPath };
  return { args: [...nodeFlags, file], env };
}
