import { MigrationExecutor, type DataSource, type Migration, type QueryRunner } from 'typeorm';
import { connect } from './data-source';
import { ExpandJudge } from './expand.rules';
import { MigrationsRefused, MigrationsWaited } from './migration-errors';
import { stateOf, type MigrationState } from './migration-state';
import { MIGRATIONS, type MigrationSets, type Phase } from './migrations';
import { findDestruction } from './recorded';
import { runMigration } from './run-migration';

/** One runner at a time for a database, on however many hosts: the server-side lock's name, at most 64 characters. */
const LOCK_NAME = "CONCAT('haru-migrate.', SHA1(DATABASE()))";
const LOCK_TIMEOUT_S = 60;
/**
 * How long a change waits for a table or for rows that somebody uses, in s. While it waits for a table, everybody who asks
 * for that table waits behind it: no longer than this.
 */
const MOST_WAIT_S = 3;
const SHORT_WAITS = `SET SESSION lock_wait_timeout = ${MOST_WAIT_S}, innodb_lock_wait_timeout = ${MOST_WAIT_S}`;

export type MigrateOptions = Readonly<{ phase?: Phase; sets?: MigrationSets }>;

/**
 * Brings a database up to this release (expand), or takes away what the releases before needed (contract).
 *
 * @param url as in DATABASE_URL
 * @returns names of the migrations that were applied; none when it was up to date
 * @throws MigrationsRefused before anything was run
 * @throws MigrationsWaited when others were in the way
 * @throws MigrationFailed for anything else that went wrong in a migration
 */
export async function migrate(
  url: string,
  { phase = 'expand', sets = MIGRATIONS }: MigrateOptions = {},
): Promise<readonly string[]> {
  return onOneConnection(url, sets, phase, async (runner, dataSource) => {
    await takeLock(runner);
    await runner.query(SHORT_WAITS);
    const executor = new MigrationExecutor(dataSource, runner);
    const state = stateOf(sets, await appliedBy(executor));
    refuseUnfit(phase, state);
    const pending = await executor.getPendingMigrations();
    const judges = phase === 'expand' ? await judgeAll(pending) : null;
    for (const migration of pending) {
      await runMigration(executor, runner, migration, judges?.get(migration));
    }
    return pending.map(({ name }) => name);
  });
}

/** What a database has of a release's migrations. Changes nothing. */
export async function migrationState(url: string, sets: MigrationSets = MIGRATIONS): Promise<MigrationState> {
  return onOneConnection(url, sets, 'expand', async (runner, dataSource) =>
    stateOf(sets, await appliedBy(new MigrationExecutor(dataSource, runner))),
  );
}

/**
 * The lock, its limits and the changes share one connection: when this process is killed, the server first ends the
 * statement under way and then gives the lock back, so that the next runner does not meet a change that still goes on.
 */
async function onOneConnection<T>(
  url: string,
  sets: MigrationSets,
  phase: Phase,
  work: (runner: QueryRunner, dataSource: DataSource) => Promise<T>,
): Promise<T> {
  const dataSource = await connect(url, 1, [], sets[phase]);
  const runner = dataSource.createQueryRunner();
  try {
    return await work(runner, dataSource);
  } finally {
    await runner.release();
    await dataSource.destroy();
  }
}

async function takeLock(runner: QueryRunner): Promise<void> {
  const sql = `SELECT GET_LOCK(${LOCK_NAME}, ?) AS locked, IS_USED_LOCK(${LOCK_NAME}) AS holder`;
  const [row] = (await runner.query(sql, [LOCK_TIMEOUT_S])) as [{ locked: number | null; holder: number }];
  if (Number(row.locked) === 1) return;
  throw new MigrationsWaited(
    `Another runner (connection ${row.holder} of the database) has been migrating for ${LOCK_TIMEOUT_S} s. Nothing was ` +
      'changed. Wait for it, then run this again.',
  );
}

async function appliedBy(executor: MigrationExecutor): Promise<readonly string[]> {
  const executed = await executor.getExecutedMigrations();
  return executed.map(({ name }) => name).reverse();
}

function refuseUnfit(phase: Phase, { beyond, expand }: MigrationState): void {
  if (beyond.length > 0) {
    throw new MigrationsRefused(
      `This release is too old for the database: ${beyond.join(', ')} took away what it needs.`,
    );
  }
  if (phase === 'contract' && expand.pending.length > 0) {
    throw new MigrationsRefused(
      `Before the contract migrations those that add must have run: ${expand.pending.join(', ')}.`,
    );
  }
}

async function judgeAll(pending: readonly Migration[]): Promise<ReadonlyMap<Migration, ExpandJudge>> {
  const judges = new Map(pending.map((migration) => [migration, new ExpandJudge()]));
  const problems: string[] = [];
  for (const [migration, judge] of judges) {
    if (!migration.instance) continue;
    for (const problem of await findDestruction(migration.instance, judge)) {
      problems.push(`  ${migration.name}: ${problem}`);
    }
  }
  if (problems.length === 0) return judges;
  const why = 'Expand migrations run beside the release before, so they may only add:';
  throw new MigrationsRefused([why, ...problems].join('\n'));
}
