import type { MigrationInterface, QueryRunner } from 'typeorm';
import { CONTRACT_NAME, MIGRATIONS, PHASES, type MigrationClass } from './migrations';
import { findDestruction, record } from './recorded';

const migration = (up: (runner: QueryRunner) => Promise<unknown>): MigrationInterface => ({
  up: async (runner) => void (await up(runner)),
  down: () => Promise.resolve(),
});

const named = (classes: readonly MigrationClass[]) =>
  classes.map((one) => ({ name: one.name, instance: new one() }));

describe('the migrations of this release', () => {
  it.each(named(MIGRATIONS.expand))('only add where they expand: $name', async ({ instance }) => {
    expect(await findDestruction(instance)).toEqual([]);
    for (const database of ['empty', 'full'] as const) {
      const { statements, cutOff } = await record(instance, database);
      expect(cutOff).toBeNull();
      expect(statements.length).toBeGreaterThan(0);
    }
  });

  it('are named by what they do, once, with their time, in the order of their times', () => {
    for (const phase of PHASES) {
      const names = MIGRATIONS[phase].map(({ name }) => name);
      for (const name of names) expect(CONTRACT_NAME.test(name)).toBe(phase === 'contract');
      const times = names.map((name) => Number(/\d{13}$/.exec(name)?.[0]));
      expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
      expect(named(MIGRATIONS[phase]).map(({ instance }) => instance.name)).toEqual(names);
    }
  });
});

describe('a planted migration', () => {
  it.each<readonly [string, (runner: QueryRunner) => Promise<unknown>]>([
    ['drops a table', (runner) => runner.query('DROP TABLE member')],
    [
      'drops what it finds',
      async (runner) => {
        if (await runner.hasColumn('member', 'email'))
          await runner.query('ALTER TABLE member DROP COLUMN email');
      },
    ],
    [
      'drops where it finds nothing',
      async (runner) => {
        const rows = (await runner.query('SHOW KEYS FROM member')) as readonly unknown[];
        if (rows.length === 0) await runner.query('TRUNCATE member');
      },
    ],
    ['uses what nobody can read', (runner) => runner.dropColumn('member', 'email')],
    [
      'deletes batch by batch, until nothing is left',
      async (runner) => {
        for (;;) {
          const rows = (await runner.query('SELECT id FROM member LIMIT 10')) as readonly unknown[];
          if (rows.length === 0) break;
          await runner.query('DELETE FROM member LIMIT 10');
        }
      },
    ],
  ])('is found out when it %s', async (_how, up) => {
    expect(await findDestruction(migration(up))).toHaveLength(1);
  });

  it('that hangs on what it finds is told from one that is known whole', async () => {
    const odd = migration(async (runner) => {
      const rows = (await runner.query('SELECT id FROM information_schema.TABLES')) as [{ id: number }];
      await runner.query(`INSERT INTO a VALUES (${rows[0].id})`);
    });
    expect((await record(odd, 'full')).cutOff).toBeNull();
    expect((await record(odd, 'empty')).cutOff).toMatch(/undefined/);
  });
});
