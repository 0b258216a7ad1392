import type { QueryRunner } from 'typeorm';

/**
 * Changes of tables that find out what is there: a migration that was interrupted is simply run again. MySQL has no
 * `ADD COLUMN IF NOT EXISTS` and no `CREATE INDEX IF NOT EXISTS`, MariaDB has both: these say it in a way that both
 * speak. Names and definitions are a migration's own words, never somebody's input.
 */

/** @param definition such as `VARCHAR(100) NULL`; NOT NULL needs a DEFAULT, since the release before writes on */
export async function addColumnIfMissing(
  runner: QueryRunner,
  table: string,
  column: string,
  definition: string,
): Promise<void> {
  if (await hasColumn(runner, table, column)) return;
  await runner.query(`ALTER TABLE ${table} ADD COLUMN ${column} ${definition}`);
}

/** @param columns such as `login_type, created_at` */
export async function addIndexIfMissing(
  runner: QueryRunner,
  table: string,
  index: string,
  columns: string,
): Promise<void> {
  if (await hasIndex(runner, table, index)) return;
  await runner.query(`ALTER TABLE ${table} ADD INDEX ${index} (${columns})`);
}

/** For contract migrations, and for the way back (`down`). */
export async function dropColumnIfThere(runner: QueryRunner, table: string, column: string): Promise<void> {
  if (!(await hasColumn(runner, table, column))) return;
  await runner.query(`ALTER TABLE ${table} DROP COLUMN ${column}`);
}

/** For contract migrations, and for the way back (`down`). */
export async function dropIndexIfThere(runner: QueryRunner, table: string, index: string): Promise<void> {
  if (!(await hasIndex(runner, table, index))) return;
  await runner.query(`ALTER TABLE ${table} DROP INDEX ${index}`);
}

function hasColumn(runner: QueryRunner, table: string, column: string): Promise<boolean> {
  return isThere(runner, 'COLUMNS', 'COLUMN_NAME', [table, column]);
}

function hasIndex(runner: QueryRunner, table: string, index: string): Promise<boolean> {
  return isThere(runner, 'STATISTICS', 'INDEX_NAME', [table, index]);
}

async function isThere(
  runner: QueryRunner,
  view: string,
  field: string,
  names: readonly [table: string, name: string],
): Promise<boolean> {
  const sql = `SELECT 1 FROM information_schema.${view} WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ? AND ${field} = ? LIMIT 1`;
  const rows = (await runner.query(sql, [...names])) as readonly unknown[];
  return rows.length > 0;
}
