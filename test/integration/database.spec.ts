import { migrate, Transactor, NestedTransaction, openDataSource } from '@app/database';
import { createDatabase, type TestDatabase } from '../support/mariadb';
import type { DataSource } from 'typeorm';
import { MIGRATIONS } from '../../libs/database/src/migrations';

let database: TestDatabase;
let dataSource: DataSource;
let transactor: Transactor;
beforeAll(async () => {
  database = await createDatabase();
  dataSource = await openDataSource(database.url, 5);
  transactor = new Transactor(dataSource);
  await dataSource.query('CREATE TABLE account (id INT PRIMARY KEY, amount INT NOT NULL)');
  await dataSource.query('INSERT INTO account VALUES (1, 0), (2, 0)');
});
afterAll(async () => {
  await dataSource.destroy();
  await database.drop();
});

const amounts = async (): Promise<number[]> =>
  ((await dataSource.query('SELECT amount FROM account ORDER BY id')) as { amount: number }[]).map(
    ({ amount }) => amount,
  );

describe('the transactor', () => {
  it('undoes everything when the work fails, and announces nothing', async () => {
    const announced: string[] = [];
    const work = transactor.write(async (em) => {
      await em.query('UPDATE account SET amount = 99');
      transactor.onCommit(em, () => announced.push('paid'));
      throw new Error('no');
    });
    await expect(work).rejects.toThrow('no');
    expect([await amounts(), announced]).toEqual([[0, 0], []]);
  });

  it('refuses a transaction inside another', async () => {
    await expect(transactor.write(() => transactor.write(() => Promise.resolve()))).rejects.toThrow(
      NestedTransaction,
    );
  });

  it('costs no tracking of promises in production, and works there all the same', async () => {
    const production = new Transactor(dataSource, false);
    await production.write((em) => em.query('UPDATE account SET amount = 0'));
    expect(await amounts()).toEqual([0, 0]);
  });

  it('lets the victim of a deadlock try again, and announces each of both once', async () => {
    const announced: string[] = [];
    let waiting: (() => void)[] = [];
    const bothAreIn = async (): Promise<void> => {
      await new Promise<void>((resolve) => {
        waiting.push(resolve);
        if (waiting.length === 2) waiting.splice(0).forEach((go) => go());
      });
    };
    let tries = 0;
    const pay = (name: string, first: number, second: number) =>
      transactor.write(async (em) => {
        tries += 1;
        await em.query('UPDATE account SET amount = amount + 1 WHERE id = ?', [first]);
        if (tries <= 2) await bothAreIn();
        await em.query('UPDATE account SET amount = amount + 1 WHERE id = ?', [second]);
        transactor.onCommit(em, () => announced.push(name));
      });
    await Promise.all([pay('a', 1, 2), pay('b', 2, 1)]);
    waiting = [];
    expect(await amounts()).toEqual([2, 2]);
    expect([tries, announced.sort()]).toEqual([3, ['a', 'b']]);
  });

  it('gives up on a lock after 5 seconds, on every connection', async () => {
    const timeouts = await Promise.all(
      Array.from({ length: 5 }, () =>
        dataSource.query('SELECT @@innodb_lock_wait_timeout AS s, SLEEP(0.05)'),
      ),
    );
    expect(timeouts.map((rows) => (rows as { s: number }[])[0]?.s)).toEqual([5, 5, 5, 5, 5]);
  });
});

describe('migrations', () => {
  it('run once, however many runners there are', async () => {
    const fresh = await createDatabase();
    const applied = await Promise.all([migrate(fresh.url), migrate(fresh.url), migrate(fresh.url)]);
    expect(applied.map(({ length }) => length).sort()).toEqual([0, 0, MIGRATIONS.expand.length]);
    await fresh.drop();
  });

  it('go on where an interrupted run has stopped', async () => {
    const fresh = await createDatabase();
    await migrate(fresh.url);
    const half = await openDataSource(fresh.url, 1);
    await half.query('DELETE FROM migration');
    await half.query('DROP TABLE idempotency_key');
    await half.destroy();
    expect(await migrate(fresh.url)).toHaveLength(MIGRATIONS.expand.length);
    await fresh.drop();
  });
});
