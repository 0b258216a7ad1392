import { migrate } from '@app/database';
import type { Connection, RowDataPacket } from 'mysql2/promise';
import type { QueryRunner } from 'typeorm';
import {
  MIGRATIONS,
  PHASES,
  type MigrationClass,
  type MigrationSets,
  type Phase,
} from '../../libs/database/src/migrations';
import { createDatabase, type TestDatabase } from '../support/mariadb';
import { aMigration, expanding, open } from '../support/migrations';

const INTERRUPTED = 'interrupted by the test';

/** The same migration, which comes to its end after so many statements that change something. */
function interruptedAfter(count: number, original: MigrationClass): MigrationClass {
  return aMigration(original.name, async (runner) => {
    let left = count;
    const query = async (sql: string, ...rest: readonly unknown[]): Promise<unknown> => {
      const isRead = /^\s*(SELECT|SHOW)\b/i.test(sql);
      if (!isRead && left === 0) throw new Error(INTERRUPTED);
      const result: unknown = await runner.query(sql, ...(rest as []));
      if (!isRead) left -= 1;
      return result;
    };
    const counted = new Proxy(runner, {
      get: (target, name, receiver) =>
        name === 'query' ? query : (Reflect.get(target, name, receiver) as unknown),
    });
    await new original().up(counted);
  });
}

const instead = (sets: MigrationSets, phase: Phase, at: number, other: MigrationClass): MigrationSets => ({
  ...sets,
  [phase]: [...sets[phase].slice(0, at), other],
});

/**
 * Runs each migration again and again, and lets it come a statement further each time: so every run but the first
 * begins in the state that an interruption after one more statement leaves.
 *
 * @returns how many interruptions there were
 */
async function creepThrough(url: string, sets: MigrationSets, phase: Phase): Promise<number> {
  let interruptions = 0;
  for (const [at, migration] of sets[phase].entries()) {
    for (let count = 0; ; count += 1) {
      const wish = { phase, sets: instead(sets, phase, at, interruptedAfter(count, migration)) };
      const error: unknown = await migrate(url, wish).then(
        () => null,
        (reason: unknown) => reason,
      );
      if (error === null) break;
      if (!String(error).includes(INTERRUPTED)) throw error;
      interruptions += 1;
    }
  }
  return interruptions;
}

async function schemaOf(database: TestDatabase): Promise<readonly unknown[]> {
  const connection: Connection = await open(database);
  const select = async (fields: string, view: string): Promise<unknown> => {
    const sql = `SELECT ${fields} FROM information_schema.${view} WHERE TABLE_SCHEMA = DATABASE() ORDER BY ${fields}`;
    return (await connection.query<RowDataPacket[]>(sql))[0];
  };
  const columns = 'TABLE_NAME, COLUMN_NAME, COLUMN_TYPE, IS_NULLABLE, COLUMN_DEFAULT, COLLATION_NAME, EXTRA';
  const schema = [
    await select(columns, 'COLUMNS'),
    await select('TABLE_NAME, INDEX_NAME, SEQ_IN_INDEX, COLUMN_NAME, NON_UNIQUE', 'STATISTICS'),
    await select('TABLE_NAME, CONSTRAINT_NAME, CONSTRAINT_TYPE', 'TABLE_CONSTRAINTS'),
  ];
  await connection.end();
  return schema;
}

const forget = async (database: TestDatabase): Promise<void> => {
  const connection = await open(database);
  await connection.query('DELETE FROM migration');
  await connection.end();
};

describe('every migration of this release', () => {
  it('goes on from each state that an interruption can leave, to the same end', async () => {
    const [straight, creeping] = [await createDatabase(), await createDatabase()];
    for (const phase of PHASES) {
      await migrate(straight.url, { phase });
      const interruptions = await creepThrough(creeping.url, MIGRATIONS, phase);
      expect(interruptions).toBeGreaterThanOrEqual(MIGRATIONS[phase].length);
    }
    const schema = await schemaOf(straight);
    expect(await schemaOf(creeping)).toEqual(schema);
    await forget(creeping);
    for (const phase of PHASES) await migrate(creeping.url, { phase });
    expect(await schemaOf(creeping)).toEqual(schema);
    await straight.drop();
    await creeping.drop();
  });
});

describe('the check of that', () => {
  it.each<readonly [string, (runner: QueryRunner) => Promise<unknown>]>([
    [
      'cannot make its table again',
      async (runner) => {
        await runner.query('CREATE TABLE room (id INT)');
        await runner.query('INSERT INTO room VALUES (1)');
      },
    ],
    [
      'cannot add its column again',
      async (runner) => {
        await runner.query('CREATE TABLE IF NOT EXISTS room (id INT)');
        await runner.query('ALTER TABLE room ADD COLUMN topic INT NULL');
        await runner.query('UPDATE room SET topic = 1');
      },
    ],
  ])('finds a migration that %s', async (_how, up) => {
    const database = await createDatabase();
    const sets = expanding(aMigration('Planted1700000000001', up));
    await expect(creepThrough(database.url, sets, 'expand')).rejects.toThrow(
      /already exists|Duplicate column/,
    );
    await database.drop();
  });
});
