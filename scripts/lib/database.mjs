// @ts-check
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { writeFileAtomically } from './files.mjs';
import { startMariadb } from './mariadb.mjs';
import { ROOT, builtFile, dataDir } from './paths.mjs';
import { run } from './run.mjs';
import { waitFor } from './wait.mjs';

/**
 * Where the data are: somebody's own server (`DATABASE_URL`), or the private one of this checkout.
 *
 * @typedef {{ readonly url: string, readonly server?: import('./mariadb.mjs').Mariadb }} Database
 */

/**
 * Opens the database that this checkout's commands work on. A private one goes on running after this process.
 *
 * @param {{ shared?: boolean, signal?: AbortSignal }} [options] shared: something that outlives this process will
 *   use it (a deployed release), so `npm start` must not stop it under its feet
 * @returns {Promise<Database>}
 */
export async function openDatabase({ shared = false, signal } = {}) {
  if (process.env.DATABASE_URL) return { url: process.env.DATABASE_URL };
  const server = await startMariadb(privateMariadbDir(), { signal });
  if (shared) writeFileAtomically(sharedMark(server.dir), 'A deployed release uses this database.\n');
  return { url: server.url(), server };
}

/** @returns {string} the folder of the private MariaDB */
export function privateMariadbDir() {
  return join(dataDir(), 'mariadb');
}

/**
 * Applies the migrations that the current build needs.
 *
 * @param {string} url
 * @param {{ signal?: AbortSignal, args?: readonly string[] }} [options] args: of `apps/api/src/migrate.ts`
 * @returns {Promise<string>} what it says about it
 */
export function migrate(url, { signal, args = [] } = {}) {
  const env = { ...process.env, DATABASE_URL: url };
  return run(process.execPath, [builtFile('api', 'migrate.js'), ...args], { env, signal });
}

/**
 * Stops a private server, unless a deployed release works with it right now.
 *
 * @param {import('./mariadb.mjs').Mariadb} server
 * @returns {Promise<boolean>} whether it was stopped
 */
export async function closeMariadb(server) {
  if (existsSync(sharedMark(server.dir)) && (await hasClients(server))) return false;
  await server.stop();
  return true;
}

/** @param {string} dir */
function sharedMark(dir) {
  return join(dir, 'shared');
}

/**
 * The connections of a process that has just ended take the server a moment to notice.
 *
 * @param {import('./mariadb.mjs').Mariadb} server
 */
async function hasClients(server) {
  /** @type {typeof import('mysql2/promise')} */
  const mysql = createRequire(join(ROOT, 'package.json'))('mysql2/promise');
  const sql = "SELECT id FROM information_schema.processlist WHERE id <> CONNECTION_ID() AND db = 'haru'";
  const isAlone = async () => {
    const connection = await mysql.createConnection(server.url());
    const [rows] = await connection.query(sql);
    await connection.end();
    return Array.isArray(rows) && rows.length === 0;
  };
  return waitFor(isAlone, { timeoutMs: 1_000, everyMs: 50, what: 'other clients to leave' }).then(
    () => false,
    () => true,
  );
}
