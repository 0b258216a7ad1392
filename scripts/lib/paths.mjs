// @ts-check
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of this checkout. */
export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/**
 * The folder that holds everything this checkout keeps between runs: the private database, the development secret,
 * pid files, locks. `DATA_DIR` puts it elsewhere (tests do).
 *
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {string} an absolute path; the folder need not exist
 */
export function dataDir(env = process.env) {
  return resolve(ROOT, env.DATA_DIR || '.data');
}

/**
 * @param {'api' | 'deploy'} app
 * @param {string} [file] compiled file beside the entry, such as `migrate.js`
 * @returns {string} path of a compiled file of an app
 */
export function builtFile(app, file = 'main.js') {
  return join(ROOT, 'dist/apps', app, 'src', file);
}
