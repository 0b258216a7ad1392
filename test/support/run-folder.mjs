// @ts-check
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  identityOf,
  isAlive,
  readProcessFile,
  send,
  waitForEnd,
  writeProcessFile,
} from '../../scripts/lib/processes.mjs';

const PREFIX = 'haru-test-';
const OWNER = 'owner.json';

/**
 * Makes the one folder of a test run, below which everything lives that tests start. Its owner is written into it,
 * so that what a killed run has left can be told from a run that is going on.
 *
 * @returns {string}
 */
export function makeRunFolder() {
  sweepAbandoned();
  const folder = mkdtempSync(join(tmpdir(), PREFIX));
  const owner = identityOf(process.pid);
  if (owner !== undefined) writeProcessFile(join(folder, OWNER), owner);
  return folder;
}

/**
 * Kills the servers below a run folder and removes it.
 *
 * @param {string} folder
 */
export async function removeRunFolder(folder) {
  await Promise.all(killServers(folder).map((server) => waitForEnd(server, 5_000)));
  rmSync(folder, { recursive: true, force: true });
}

/**
 * The same for a process that is ending and cannot wait.
 *
 * @param {string} folder
 */
export function removeRunFolderNow(folder) {
  killServers(folder);
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}

/**
 * @param {string} runFolder
 * @param {string} prefix
 * @returns {string} a new folder for one server, or for the data of one `npm start`
 */
export function makeServerFolder(runFolder, prefix) {
  mkdirSync(runFolder, { recursive: true });
  return mkdtempSync(join(runFolder, prefix));
}

/** @param {string} folder */
function killServers(folder) {
  // A server has its own folder here, or is the private one of a data folder, beside an API process.
  const records = ['mariadb.json', 'mariadb/mariadb.json', 'api.json'];
  const servers = foldersIn(folder)
    .flatMap((name) => records.map((record) => readProcessFile(join(folder, name, record))))
    .filter(isAlive);
  for (const server of servers) send(server, 'SIGKILL');
  return servers;
}

function sweepAbandoned() {
  for (const name of foldersIn(tmpdir()).filter((entry) => entry.startsWith(PREFIX))) {
    const owner = readProcessFile(join(tmpdir(), name, OWNER));
    // A folder without an owner may be one that another run is just making.
    if (owner !== undefined && !isAlive(owner)) removeRunFolderNow(join(tmpdir(), name));
  }
}

/** @param {string} folder */
function foldersIn(folder) {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
