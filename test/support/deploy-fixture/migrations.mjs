// @ts-check
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/**
 * A migration program as a release brings it along: the real runner, with migrations that a test has written down.
 *
 * A step is SQL, or one of
 * - `['add' | 'drop', table, column, definition?]`: a column, where it is missing or there
 * - `['fail', file]`: an error, while that file is there
 * - `['seconds', n]`: a statement of the database that takes so long
 *
 * @typedef {string | readonly ['add' | 'drop' | 'fail' | 'seconds', ...string[]]} Step
 * @typedef {Readonly<Record<string, readonly Step[]>>} Migrations by name
 */
const root = join(import.meta.dirname, '../../..');
const require = createRequire(join(root, 'package.json'));
const built = join(root, 'dist/libs/database/src');

/**
 * @param {{ readonly expand?: Migrations, readonly contract?: Migrations }} migrations
 * @returns {Promise<number>} exit code
 */
export function runMigrations({ expand = {}, contract = {} }) {
  const { runMigrateProgram } = require(`${built}/index.js`);
  return runMigrateProgram({
    args: process.argv.slice(2),
    url: () => process.env.DATABASE_URL ?? '',
    out: (/** @type {string} */ line) => console.log(line),
    err: (/** @type {string} */ line) => console.error(line),
    sets: { expand: Object.entries(expand).map(classOf), contract: Object.entries(contract).map(classOf) },
  });
}

/** @param {[string, readonly Step[]]} migration */
function classOf([name, steps]) {
  const it = class {
    name = name;
    transaction = false;
    /** @param {{ query(sql: string): Promise<unknown> }} runner */
    async up(runner) {
      for (const step of steps) await take(runner, step);
    }
    async down() {}
  };
  return Object.defineProperty(it, 'name', { value: name });
}

/**
 * @param {{ query(sql: string): Promise<unknown> }} runner
 * @param {Step} step
 */
async function take(runner, step) {
  if (typeof step === 'string') return runner.query(step);
  const { addColumnIfMissing, dropColumnIfThere } = require(`${built}/ddl.js`);
  const [kind, first, ...rest] = step;
  if (kind === 'add') return addColumnIfMissing(runner, first, ...rest);
  if (kind === 'drop') return dropColumnIfThere(runner, first, ...rest);
  if (kind === 'seconds') return runner.query(`SELECT SLEEP(${first})`);
  if (existsSync(first)) throw new Error(`the fixture fails while ${first} is there`);
}
