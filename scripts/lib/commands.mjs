// @ts-check
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { canInstallByApt, installByApt } from './apt.mjs';
import { Problem } from './problem.mjs';

/** Where servers live although a user's PATH often leaves it out: sbin, and Homebrew's folders. */
const MORE_FOLDERS = [
  '/usr/sbin',
  '/usr/local/sbin',
  '/sbin',
  '/usr/local/bin',
  '/opt/homebrew/bin',
  '/opt/homebrew/sbin',
  '/opt/homebrew/opt/mariadb/bin',
  '/usr/local/opt/mariadb/bin',
  '/Applications/Chromium.app/Contents/MacOS',
];

/** Names of a browser that the tests can drive. */
export const CHROMIUM = /** @type {const} */ ([
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'Chromium',
]);

/**
 * @typedef {object} CommandSource how a missing command gets onto a machine
 * @property {string} apt packages of Debian and Ubuntu, by blanks; installed without asking when root
 * @property {string} [brew] formula of Homebrew
 * @property {string} [otherwise] one more way out, as a whole sentence
 * @property {(path: string) => boolean} [accept] refuses a program of the same name that is another one
 */

/**
 * @param {string | readonly string[]} names tried in this order
 * @param {(path: string) => boolean} [accept]
 * @returns {string | undefined} absolute path of the first one on the PATH or in the folders that PATH often lacks
 */
export function findCommand(names, accept = () => true) {
  const folders = [...(process.env.PATH ?? '').split(delimiter).filter(Boolean), ...MORE_FOLDERS];
  for (const name of [names].flat()) {
    const found = folders.map((folder) => join(folder, name)).find((path) => isProgram(path) && accept(path));
    if (found !== undefined) return found;
  }
  return undefined;
}

/**
 * Finds a command, or installs it when this process may: as root on Debian or Ubuntu.
 *
 * @param {string | readonly string[]} names tried in this order
 * @param {CommandSource} source
 * @param {AbortSignal} [signal]
 * @returns {Promise<string>} its absolute path
 * @throws {Problem} that names the command to type
 */
export async function ensureCommand(names, source, signal) {
  const found = findCommand(names, source.accept);
  if (found !== undefined) return found;
  if (!canInstallByApt()) throw new Problem(howToInstall([names].flat(), source));
  await installByApt(source.apt.split(' '), signal);
  const installed = findCommand(names, source.accept);
  if (installed === undefined) throw new Problem(`${source.apt} is installed and ${names} is still missing.`);
  return installed;
}

/**
 * @param {readonly string[]} names
 * @param {CommandSource} source
 */
export function howToInstall(names, { apt, brew, otherwise }) {
  return [
    `${names[0]} is missing on this machine. Any of these helps:`,
    `  Debian, Ubuntu:  sudo apt-get install --no-install-recommends ${apt}`,
    ...(brew === undefined ? [] : [`  macOS:           brew install ${brew}`]),
    ...(otherwise === undefined ? [] : [`  ${otherwise}`]),
  ].join('\n');
}

/** @param {string} path */
function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
