import { migrate, migrationState, MigrationsRefused } from '@app/database';
import { aMigration, columnsOf, expanding, openBench, type Bench, type Planted } from '../support/migrations';

const ROOM = 'CREATE TABLE IF NOT EXISTS room (id INT NOT NULL PRIMARY KEY)';
const TOPIC = ['add', 'room', 'topic', 'VARCHAR(100) NULL'];
const NAME = 'Room1700000000001';
const BEFORE: Planted = { expand: { [NAME]: [ROOM] } };

let bench: Bench;
beforeEach(async () => (bench = await openBench()));
afterEach(() => bench.close());

const columns = (table: string) => columnsOf(bench.connection, table);

describe('an expand migration that does more than add', () => {
  it('is refused before anything has run, and with it all others', async () => {
    await bench.write({ expand: { ...BEFORE.expand, Tidy1700000000002: [['drop', 'room', 'id']] } });
    const { code, err } = await bench.run();
    expect(code).toBe(3);
    expect(err).toContain('Tidy1700000000002: `ALTER TABLE room DROP COLUMN id`: it takes away');
    expect(err).toContain('Nothing was changed.');
    expect((await bench.connection.query('SHOW TABLES'))[0]).toEqual([]);
  });

  it('is stopped in front of the statement, where nobody could foresee it', async () => {
    const room = aMigration(NAME, (runner) => runner.query(ROOM));
    await migrate(bench.database.url, { sets: expanding(room) });
    await bench.connection.query('INSERT INTO room (id) VALUES (1)');
    const sly = aMigration('Sly1700000000002', async (runner) => {
      const [{ rooms }] = (await runner.query('SELECT COUNT(*) + 6 AS rooms FROM room')) as [
        { rooms: number },
      ];
      if (Number(rooms) === 7) await runner.query('TRUNCATE room');
    });
    const wish = {
      sets: expanding(
        aMigration('Room1700000000001', () => Promise.resolve()),
        sly,
      ),
    };
    await expect(migrate(bench.database.url, wish)).rejects.toThrow(
      'may only add. `TRUNCATE room`: it takes away',
    );
    expect((await bench.connection.query('SELECT id FROM room'))[0]).toEqual([{ id: 1 }]);
  });
});

describe('a contract migration', () => {
  const sets: Planted = {
    expand: { ...BEFORE.expand, Topic1700000000002: [TOPIC] },
    contract: { ContractTopic1700000000003: [['drop', 'room', 'topic']] },
  };

  it('waits until it is asked for, after all that adds', async () => {
    await bench.write(sets);
    const early = await bench.run('--phase', 'contract');
    expect([early.code, early.err]).toEqual([
      3,
      expect.stringContaining('Room1700000000001, Topic1700000000002'),
    ]);
    const expanded = await bench.run('--phase', 'expand');
    expect(expanded.out.split('\n')).toEqual([
      'Applied: Room1700000000001, Topic1700000000002',
      'Contract pending: ContractTopic1700000000003',
      '',
    ]);
    expect(await columns('room')).toEqual(['id', 'topic']);
    expect(await bench.run('--phase', 'contract')).toMatchObject({
      code: 0,
      out: 'Applied: ContractTopic1700000000003\n',
    });
    expect(await columns('room')).toEqual(['id']);
    expect(await bench.run()).toMatchObject({ code: 0, out: 'The database is up to date.\n' });
  });

  it('is told by the status, as text and as JSON', async () => {
    await bench.write(sets);
    await bench.run();
    expect(JSON.parse((await bench.run('--status', '--json')).out)).toEqual({
      expand: { applied: ['Room1700000000001', 'Topic1700000000002'], pending: [] },
      contract: { applied: [], pending: ['ContractTopic1700000000003'] },
      unknown: [],
      beyond: [],
    });
    expect((await bench.run('--status')).out).toContain('pending: ContractTopic1700000000003');
  });

  it('keeps the migrations of an older release away from the database', async () => {
    await bench.write(sets);
    await bench.run();
    await bench.run('--phase', 'contract');
    await bench.write(BEFORE);
    const { code, err } = await bench.run();
    expect([code, err]).toEqual([
      3,
      expect.stringContaining('too old for the database: ContractTopic1700000000003'),
    ]);
    await expect(migrate(bench.database.url)).rejects.toThrow(MigrationsRefused);
    expect((await migrationState(bench.database.url)).beyond).toEqual(['ContractTopic1700000000003']);
  });

  it('is not run by a slip of the hand', async () => {
    await bench.write(sets);
    const slips = [['--phase', 'both'], ['--json'], ['up'], ['--dry-run']];
    for (const { code, err } of await Promise.all(slips.map((args) => bench.run(...args)))) {
      expect([code, err]).toEqual([2, expect.stringContaining('Usage: migrate')]);
    }
    expect((await bench.connection.query('SHOW TABLES'))[0]).toEqual([]);
  });
});
