import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ExpandJudge } from './expand.rules';

/** More than any migration has: one that loops until the database says that nothing is left is cut off. */
const MOST_STATEMENTS = 2_000;

/** What a migration would send to a database, as far as that can be known without one. */
export type Recorded = Readonly<{
  statements: readonly string[];
  /** what kept the rest from being known; null: this is all */
  cutOff: string | null;
}>;

/**
 * Runs a migration against nothing. Of two imagined databases, `empty` has nothing that the migration asks for,
 * and `full` everything: together they show both sides of each `if`.
 */
export async function record(migration: MigrationInterface, database: 'empty' | 'full'): Promise<Recorded> {
  const statements: string[] = [];
  try {
    await migration.up(recordingRunner(statements, database === 'full'));
    return { statements, cutOff: null };
  } catch (error) {
    return { statements, cutOff: error instanceof Error ? error.message : String(error) };
  }
}

/**
 * What in an expand migration does more than add, as far as that can be known before it runs.
 *
 * @param judge it knows afterwards what the migration makes by itself
 */
export async function findDestruction(
  migration: MigrationInterface,
  judge = new ExpandJudge(),
): Promise<readonly string[]> {
  const worlds = [await record(migration, 'empty'), await record(migration, 'full')];
  const problems = worlds.flatMap(({ statements }) => statements.map((sql) => judge.judge(sql)));
  return [...new Set(problems.filter((problem) => problem !== null))];
}

function recordingRunner(statements: string[], isFull: boolean): QueryRunner {
  const note = (sql: string): void => {
    if (statements.length === MOST_STATEMENTS) throw new Error(`more than ${MOST_STATEMENTS} statements`);
    statements.push(sql);
  };
  const query = (sql: string): Promise<unknown> => {
    note(sql);
    return Promise.resolve(answerTo(sql, isFull));
  };
  const has = () => Promise.resolve(isFull);
  const known: Readonly<Record<string, unknown>> = { query, hasColumn: has, hasTable: has };
  return new Proxy({} as QueryRunner, {
    get: (_runner, name) => known[String(name)] ?? (() => note(`the query runner's ${String(name)}`)),
  });
}

/** Looking for a table, a column or an index finds it or not; any other read finds one row of small numbers. */
function answerTo(sql: string, isFull: boolean): unknown {
  if (!/^\s*(SELECT|SHOW)\b/i.test(sql)) return { affectedRows: 0, insertId: 0 };
  const row: unknown = new Proxy({}, { get: () => (isFull ? 1 : 0) });
  const isLookUp = /^\s*SHOW\b|\binformation_schema\b/i.test(sql);
  return isLookUp && !isFull ? [] : [row];
}
