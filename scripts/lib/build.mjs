// @ts-check
import { existsSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { PREPARE_LOCK } from './dependencies.mjs';
import { hashOfFiles, listFiles, readIfThere, writeFileAtomically } from './files.mjs';
import { withLock } from './lock.mjs';
import { ROOT, builtFile } from './paths.mjs';
import { say } from './problem.mjs';
import { run } from './run.mjs';

/** @typedef {'api' | 'deploy'} App */

/** @type {readonly App[]} */
export const APPS = ['api', 'deploy'];

/**
 * Compiles the apps whose sources have changed since they were last compiled.
 *
 * @param {{ apps?: readonly App[], signal?: AbortSignal }} [options] all apps by default
 * @returns {Promise<readonly App[]>} those that were compiled
 * @throws {import('./problem.mjs').Problem} with the compiler's messages
 */
export async function ensureBuilt({ apps = APPS, signal } = {}) {
  if (apps.every(isFresh)) return [];
  return withLock(
    PREPARE_LOCK,
    () =>
      build(
        apps.filter((app) => !isFresh(app)),
        signal,
      ),
    {
      signal,
      onWait: (holder) => say(`Waiting for process ${holder?.pid ?? '?'}, which installs or builds here.`),
    },
  );
}

/**
 * @param {readonly App[]} stale
 * @param {AbortSignal} [signal]
 */
async function build(stale, signal) {
  if (stale.length > 0) say(`Building ${stale.join(' and ')}.`);
  const nest = join(ROOT, 'node_modules/@nestjs/cli/bin/nest.js');
  // Hashed before the compiler reads them: what is edited meanwhile counts as changed the next time.
  const hashes = stale.map(hashOfSources);
  await Promise.all(stale.map((app) => run(process.execPath, [nest, 'build', app], { signal })));
  removeOrphans(ROOT);
  stale.forEach((app, index) => writeFileAtomically(stampOf(app), hashes[index] ?? ''));
  return stale;
}

/** @param {App} app */
function isFresh(app) {
  return existsSync(builtFile(app)) && readIfThere(stampOf(app)) === hashOfSources(app);
}

/** @param {App} app */
function stampOf(app) {
  return join(ROOT, 'dist', `.${app}.built-from`);
}

/** @param {App} app */
function hashOfSources(app) {
  const settings = ['tsconfig.json', 'nest-cli.json', 'package-lock.json'].map((name) => join(ROOT, name));
  const sources = [`apps/${app}`, 'libs'].flatMap((folder) => listFiles(join(ROOT, folder)));
  return hashOfFiles(ROOT, [...settings, ...sources.filter((path) => !path.endsWith('spec.ts'))]);
}

/**
 * Removes compiled files whose source has gone. The compiler never does, and two apps share the folder: a renamed
 * module would stay loadable for ever.
 *
 * @param {string} root the checkout
 */
export function removeOrphans(root) {
  const dist = join(root, 'dist');
  for (const path of ['apps', 'libs'].flatMap((folder) => listFiles(join(dist, folder)))) {
    const source = join(root, relative(dist, path)).replace(/(\.d)?\.(ts|js)(\.map)?$/, '.ts');
    if (source.endsWith('.ts') && !existsSync(source)) rmSync(path);
  }
}
