import { migrate, openDataSource } from '@app/database';
import type { DataSource } from 'typeorm';
import { Records1763683200040 } from '../../libs/database/src/migrations/1763683200040-records';
import { STUDIES } from '../../apps/api/src/calendar-feed/feed-queries';
import { CYCLES } from '../../apps/api/src/exports/export-queries';
import { RECORD_SQL } from '../../apps/api/src/records/record-queries';
import { createDatabase, type TestDatabase } from '../support/mariadb';
import { seedStudies } from '../support/records';

let database: TestDatabase;
let dataSource: DataSource;
beforeAll(async () => {
  // One connection: what it has read is counted.
  database = await createDatabase();
  await migrate(database.url);
  dataSource = await openDataSource(database.url, 1);
});
afterAll(async () => {
  await dataSource.destroy();
  await database.drop();
});

async function sql<Row = Record<string, unknown>>(
  statement: string,
  parameters: readonly unknown[] = [],
): Promise<Row[]> {
  const rows: unknown = await dataSource.query(statement, [...parameters]);
  return rows as Row[];
}

async function aMember(): Promise<{ memberId: number; token: string }> {
  const added: unknown = await dataSource.query(
    "INSERT INTO member (name, login_type, created_at) VALUES ('guest', 'guest', '2026-11-20')",
  );
  return { memberId: (added as { insertId: number }).insertId, token: '' };
}

/** With fewer, the database reads the index as it should of its own accord. */
const MANY = 30_000;

interface Plan {
  readonly type: string;
  readonly table: string;
  readonly key: string | null;
  readonly Extra: string;
}

describe('the plan of the database', () => {
  let memberId: number;
  beforeAll(async () => {
    const [me, other] = [await aMember(), await aMember()];
    memberId = me.memberId;
    await seedStudies({ sql }, me, MANY);
    await seedStudies({ sql }, other, 1_000);
    await sql('ANALYZE TABLE study, participant, content, study_transition');
  });

  const explain = (statement: string, parameters: readonly unknown[]) =>
    sql<Plan>(`EXPLAIN ${statement}`, parameters);
  const [from, to] = ['2000-01-01', '2099-12-31'];

  it.each([
    ['the first page by cursor', () => explain(RECORD_SQL.list, [memberId, from, to, to, 0, 21])],
    [
      'a page by cursor, far down',
      () => explain(RECORD_SQL.list, [memberId, from, '2020-01-01 10:00', '2020-01-01 10:00', 600, 21]),
    ],
    ['a month of the calendar', () => explain(RECORD_SQL.calendar, [memberId, from, to, 5_001])],
  ])('for %s reads the index in its order, and sorts nothing', async (_what, plan) => {
    const steps = await plan();
    expect(steps[0]).toMatchObject({ table: 'p', type: 'range', key: 'participant_records' });
    expect(steps[1]).toMatchObject({ table: 's', key: 'PRIMARY' });
    for (const { Extra } of steps) expect(Extra).not.toMatch(/filesort|temporary/);
    for (const { table, key } of steps) expect([table, key]).not.toEqual([table, null]);
  });

  it.each(['ASC', 'DESC'] as const)(
    'for a page by number, %s, cuts it out of the index alone',
    async (direction) => {
      const steps = await explain(RECORD_SQL.page[direction], [memberId, from, to, 20, 2_000]);
      const cut = steps.find(({ table }) => table === 'p');
      expect(cut).toMatchObject({ key: 'participant_records' });
      expect(cut?.Extra).toContain('Using index');
      expect(cut?.Extra).not.toMatch(/filesort|temporary/);
      expect(steps.find(({ table }) => table === 's')).toMatchObject({ key: 'PRIMARY' });
    },
  );

  it('for the number of pages reads the index alone', async () => {
    const [step] = await explain(RECORD_SQL.count, [memberId, from, to]);
    expect(step).toMatchObject({ key: 'participant_records' });
    expect(step?.Extra).toContain('Using index');
  });

  const rowsRead = async (statement: string, parameters: readonly unknown[]) => {
    await sql('FLUSH STATUS');
    await sql(statement, parameters);
    const counts = await sql<{ Value: string }>("SHOW SESSION STATUS LIKE 'Handler_read%'");
    return counts.reduce((sum, { Value }) => sum + Number(Value), 0);
  };
  const [early, late] = ['2020-01-01 10:00', '2020-01-20 10:00'];

  it.each([
    ['a page by cursor', RECORD_SQL.list, [from, late, late, 28_000, 21], [from, early, early, 601, 21]],
    [
      'a day of the calendar',
      RECORD_SQL.calendar,
      [late, '2020-01-20 11:00', 61],
      [early, '2020-01-01 11:00', 61],
    ],
    ['the next part of an export', CYCLES, [early, early, 601], [late, late, 28_000]],
    ['a feed', STUDIES, [late], [early]],
  ])('for %s looks at as many rows wherever that is', async (_what, statement, here, there) => {
    const [few, asFew] = [
      await rowsRead(statement, [memberId, ...here]),
      await rowsRead(statement, [memberId, ...there]),
    ];
    expect(few).toBeGreaterThan(21);
    expect(Math.abs(asFew - few)).toBeLessThanOrEqual(few * 0.2);
  });
});

describe('the migration of the records', () => {
  const migration = new Records1763683200040();
  const unfiled = async () =>
    Number((await sql('SELECT COUNT(*) AS n FROM participant WHERE study_created_at IS NULL'))[0]?.['n']);
  const wrong = async () =>
    sql(
      'SELECT p.id FROM participant p JOIN study s ON s.id = p.study_id ' +
        'WHERE p.study_created_at IS NULL OR p.study_created_at <> s.created_at',
    );
  const run = async (direction: 'up' | 'down') => {
    const runner = dataSource.createQueryRunner();
    try {
      await migration[direction](runner);
    } finally {
      await runner.release();
    }
  };

  it('notes the time of every study that there is, batch after batch', async () => {
    await run('down');
    await run('down');
    expect(await sql("SHOW COLUMNS FROM participant LIKE 'study_created_at'")).toEqual([]);
    await run('up');
    const [{ n } = { n: 0 }] = await sql<{ n: string }>('SELECT COUNT(*) AS n FROM participant');
    expect(Number(n)).toBeGreaterThan(5_000);
    expect(await wrong()).toEqual([]);
  });

  it('goes on where it was interrupted, and changes nothing that is done', async () => {
    await sql('ALTER TABLE participant DROP KEY participant_records');
    await sql('UPDATE participant SET study_created_at = NULL WHERE id % 3 = 0');
    expect(await unfiled()).toBeGreaterThan(0);
    await run('up');
    await run('up');
    expect(await wrong()).toEqual([]);
    expect(await sql("SHOW KEYS FROM participant WHERE Key_name = 'participant_records'")).toHaveLength(3);
  });

  it('lets the release before it go on seating members', async () => {
    const { memberId } = await aMember();
    const [study] = await sql<{ id: number }>('SELECT MAX(id) AS id FROM study');
    await sql(
      'INSERT INTO participant (study_id, member_id, nickname, is_host, created_at) VALUES (?, ?, ?, ?, ?)',
      [study?.id, memberId, '루나', 0, '2026-11-20'],
    );
    expect(await unfiled()).toBe(1);
    await sql(RECORD_SQL.file, [memberId]);
    expect(await wrong()).toEqual([]);
  });

  it('keeps a feed to a member, and ends it with them', async () => {
    const { memberId } = await aMember();
    const add = (owner: number) =>
      sql("INSERT INTO calendar_feed VALUES (?, ?, '2026-11-20')", [owner, Buffer.alloc(32, owner % 256)]);
    await add(memberId);
    await expect(add(4_000_000_000)).rejects.toThrow(/foreign key/i);
    await sql('DELETE FROM member WHERE id = ?', [memberId]);
    expect(await sql('SELECT * FROM calendar_feed')).toEqual([]);
  });
});
