import type { Migration, MigrationExecutor, MigrationInterface, QueryRunner } from 'typeorm';
import { isLockTimeout } from './database-errors';
import type { ExpandJudge } from './expand.rules';
import { MigrationFailed, MigrationsWaited } from './migration-errors';

/**
 * Runs one migration and notes it in the database.
 *
 * @param judge looks at each statement just before it is sent; none: the migration may take away
 * @throws MigrationsWaited when somebody used a table for too long
 * @throws MigrationFailed
 */
export async function runMigration(
  executor: MigrationExecutor,
  runner: QueryRunner,
  { id, timestamp, name, instance }: Migration,
  judge: ExpandJudge | undefined,
): Promise<void> {
  const migration = { id, timestamp, name, instance: instance && judge ? guard(instance, judge) : instance };
  const isOneTransaction = instance?.transaction !== false;
  try {
    if (isOneTransaction) await runner.startTransaction();
    await executor.executeMigration(migration);
    if (isOneTransaction) await runner.commitTransaction();
  } catch (error) {
    if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => undefined);
    if (isLockTimeout(error)) throw new MigrationsWaited(await tellWhoUsesTables(runner, name));
    throw new MigrationFailed(name, error);
  }
}

/** What could not be foreseen is still not sent: the way that a migration takes may hang on what it finds. */
function guard(instance: MigrationInterface, judge: ExpandJudge): MigrationInterface {
  const { name, transaction } = instance;
  const down = (runner: QueryRunner) => instance.down(runner);
  return { name, transaction, up: (runner) => instance.up(guardRunner(runner, judge)), down };
}

function guardRunner(runner: QueryRunner, judge: ExpandJudge): QueryRunner {
  const query = async (sql: string, ...rest: readonly unknown[]): Promise<unknown> => {
    const problem = judge.judge(sql);
    if (problem !== null) throw new Error(`an expand migration may only add. ${problem}`);
    return runner.query(sql, ...(rest as []));
  };
  return new Proxy(runner, {
    get: (target, property, receiver) =>
      property === 'query' ? query : (Reflect.get(target, property, receiver) as unknown),
  });
}

async function tellWhoUsesTables(runner: QueryRunner, name: string): Promise<string> {
  const users = await openTransactions(runner).catch(() => []);
  return [
    `${name} had to wait too long for a table or rows that somebody uses, and gave up, so that nobody waits behind it.`,
    'What it had changed by then stays, and no release needs it: run the same command again to go on from there.',
    ...users.map(
      ({ id, user, seconds }) => `In the way may be: connection ${id} (${user}), for ${seconds} s.`,
    ),
  ].join('\n');
}

type OpenTransaction = Readonly<{ id: number; user: string; seconds: number }>;

/** Long reads and open transactions of others, the longest first. Needs the PROCESS privilege. */
async function openTransactions(runner: QueryRunner): Promise<readonly OpenTransaction[]> {
  const rows: unknown = await runner.query(
    `SELECT t.trx_mysql_thread_id AS id, p.USER AS user, TIMESTAMPDIFF(SECOND, t.trx_started, NOW()) AS seconds
     FROM information_schema.INNODB_TRX t JOIN information_schema.PROCESSLIST p ON p.ID = t.trx_mysql_thread_id
     WHERE p.DB = DATABASE() AND p.ID <> CONNECTION_ID() ORDER BY t.trx_started LIMIT 3`,
  );
  return rows as readonly OpenTransaction[];
}
