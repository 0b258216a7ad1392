// @ts-check
import { chmodSync, constants, copyFileSync, cpSync, mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { ROOT, builtFile } from './paths.mjs';
import { run } from './run.mjs';

/** Nothing loads them, and they are half of all files. */
const NOT_RUN = /\.(d\.[cm]?ts|map)$/;
/** Of the build, and of nobody else. */
const STAMP = /\.built-from$/;
const PROGRAM = 0o755;
const OLDEST_NODE = /^>=(\d+\.\d+(?:\.\d+)?)$/;

/**
 * @typedef {import('../../apps/deploy/src/shell/store/pack.ts').About} About
 * @typedef {Readonly<Record<string, { dev?: boolean, devOptional?: boolean, optional?: boolean, link?: boolean }>>} Packages
 */

/**
 * The part of the deployer that seals and packs releases: digests are made in one place.
 *
 * @returns {typeof import('../../apps/deploy/src/shell/store/pack.ts')}
 */
export function packer() {
  return createRequire(import.meta.url)(builtFile('deploy', 'shell/store/pack.js'));
}

/**
 * Lays out a release in an empty folder: the build, the packages that it runs with, `package.json`, and node itself
 * where that is wanted. Both were made just before: `node_modules` is what `npm ci` has installed from the lock file.
 *
 * @param {string} folder
 * @param {{ withNode: boolean }} options
 */
export function layOut(folder, { withNode }) {
  cpSync(join(ROOT, 'dist'), join(folder, 'dist'), { ...COPYING, filter: (path) => !STAMP.test(path) });
  copyFileSync(join(ROOT, 'package.json'), join(folder, 'package.json'));
  for (const path of runtimePackages()) copyPackage(folder, path);
  if (!withNode) return;
  const node = join(folder, 'bin/node');
  mkdirSync(dirname(node), { recursive: true });
  copyFileSync(process.execPath, node, constants.COPYFILE_FICLONE);
  chmodSync(node, PROGRAM);
}

const COPYING = { recursive: true, mode: constants.COPYFILE_FICLONE };

/** @param {string} folder @param {string} path `node_modules/…`, as the lock file names it */
function copyPackage(folder, path) {
  const source = join(ROOT, path);
  // Packages of packages have their own line in the lock file.
  const nested = join(source, 'node_modules');
  const filter = (/** @type {string} */ name) => name !== nested && !NOT_RUN.test(name);
  cpSync(source, join(folder, path), { ...COPYING, filter });
}

/**
 * What `npm ci --omit=dev` would install here, less what only an optional peer of something asks for. Packages of other
 * platforms are in the lock file and not in the folder.
 *
 * @returns {readonly string[]}
 */
function runtimePackages() {
  const lock = /** @type {{ packages: Packages }} */ (readJson('package-lock.json'));
  const installed = /** @type {{ packages: Packages }} */ (readJson('node_modules/.package-lock.json'));
  return Object.entries(lock.packages)
    .filter(([path, { dev, devOptional }]) => path !== '' && !dev && !devOptional && installed.packages[path])
    .map(([path]) => path);
}

/**
 * @param {{ id: string, commit: string | null, withNode: boolean }} release
 * @returns {About} all that the manifest says besides the digest
 */
export function describe({ id, commit, withNode }) {
  const { engines } = /** @type {{ engines: { node: string } }} */ (readJson('package.json'));
  const least = OLDEST_NODE.exec(engines.node)?.[1];
  if (least === undefined)
    throw new Error(`package.json: engines.node must be like >=20.19, not ${engines.node}`);
  return {
    id,
    createdAt: new Date().toISOString(),
    commit,
    platform: `${process.platform}-${process.arch}`,
    node: {
      major: Number(process.versions.node.split('.')[0]),
      least,
      carried: withNode ? process.versions.node : null,
    },
    migrations: knownMigrations(),
  };
}

/** Those that only add and those that take away, in the order of their times. */
function knownMigrations() {
  const path = join(ROOT, 'dist/libs/database/src/migrations/index.js');
  /** @type {{ MIGRATIONS: Readonly<Record<string, readonly { name: string }[]>> }} */
  const { MIGRATIONS } = createRequire(import.meta.url)(path);
  const names = Object.values(MIGRATIONS)
    .flat()
    .map(({ name }) => name)
    .sort((a, b) => timeOf(a) - timeOf(b));
  const [first, last] = [names[0], names.at(-1)];
  return first === undefined || last === undefined ? null : { first, last, count: names.length };
}

/** @param {string} name ends with the time of its making, in ms */
function timeOf(name) {
  return Number(/\d{13}$/.exec(name)?.[0] ?? 0);
}

/** @returns {Promise<string | null>} the commit that this checkout is at; null: it is no checkout of git */
export async function currentCommit() {
  return run('git', ['rev-parse', '--verify', 'HEAD']).then(
    (text) => text.trim(),
    () => null,
  );
}

/** @returns {Promise<boolean>} whether the files differ from the commit */
export async function isChanged() {
  return run('git', ['status', '--porcelain', '--untracked-files=no']).then(
    (text) => text.trim() !== '',
    () => false,
  );
}

/** @param {string} name @returns {unknown} */
function readJson(name) {
  return JSON.parse(readFileSync(join(ROOT, name), 'utf8'));
}
