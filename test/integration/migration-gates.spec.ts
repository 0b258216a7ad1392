import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { migrate } from '@app/database';
import type { Connection } from 'mysql2/promise';
import type { QueryRunner } from 'typeorm';
import { waitFor } from '../../scripts/lib/wait.mjs';
import { createDatabase } from '../support/mariadb';
import {
  aMigration,
  columnsOf,
  expanding,
  open,
  openBench,
  startProgram,
  underWay,
  type Bench,
  type Planted,
} from '../support/migrations';

const ROOM = 'CREATE TABLE IF NOT EXISTS room (id INT NOT NULL PRIMARY KEY)';
const TOPIC = ['add', 'room', 'topic', 'VARCHAR(100) NULL'];
const TALK = 'CREATE TABLE IF NOT EXISTS talk (id INT NOT NULL PRIMARY KEY)';
const NAME = 'Room1700000000001';
const BEFORE: Planted = { expand: { [NAME]: [ROOM] } };
const HALF_MS = 1_500;

let bench: Bench;
beforeEach(async () => (bench = await openBench()));
afterEach(() => bench.close());

const columns = (table: string) => columnsOf(bench.connection, table);

async function withRoom(): Promise<void> {
  await migrate(bench.database.url, { sets: expanding(aMigration(NAME, (runner) => runner.query(ROOM))) });
  await bench.connection.query('INSERT INTO room (id) VALUES (1)');
}

describe('G1: a migration that fails half way', () => {
  it('says so, keeps what it has done, and completes when it is run again', async () => {
    await withRoom();
    const trouble = join(bench.folder, 'trouble');
    await writeFile(trouble, '');
    await bench.write({ expand: { ...BEFORE.expand, Topic1700000000002: [TOPIC, ['fail', trouble], TALK] } });
    const failed = await bench.run();
    expect(failed).toMatchObject({ code: 1, out: '' });
    expect(failed.err).toMatch(/^Topic1700000000002 failed: .*\n.*run the same command again to go on/);
    expect(await columns('room')).toEqual(['id', 'topic']);
    await rm(trouble);
    expect(await bench.run()).toEqual({ code: 0, out: 'Applied: Topic1700000000002\n', err: '' });
    expect(await columns('talk')).toEqual(['id']);
  });
});

describe('G2: a migration whose runner is killed', () => {
  it('in the middle of an ALTER is not met half done by the next runner, which completes it', async () => {
    await withRoom();
    await bench.write({ expand: { ...BEFORE.expand, Topic1700000000002: [TOPIC, TALK] } });
    const reader = await open(bench.database);
    await reader.query('BEGIN');
    await reader.query('SELECT * FROM room');
    const killed = startProgram(bench.program, bench.database.url);
    const waits = (what: RegExp) => async () =>
      (await underWay(bench.connection)).some((text) => what.test(text));
    await waitFor(waits(/ADD COLUMN topic/), { timeoutMs: 10_000, what: 'the ALTER' });
    killed.kill('SIGKILL');
    const next = bench.run();
    await waitFor(waits(/GET_LOCK|ADD COLUMN topic/), { timeoutMs: 10_000, what: 'the next runner' });
    await reader.query('COMMIT');
    await reader.end();
    expect(await next).toEqual({ code: 0, out: 'Applied: Topic1700000000002\n', err: '' });
    expect(await columns('room')).toEqual(['id', 'topic']);
    expect(await columns('talk')).toEqual(['id']);
  });

  it('has its lock, its time limits and its changes on one connection', async () => {
    const seen: unknown[] = [];
    const look = async (runner: QueryRunner): Promise<void> => {
      const lock = "IS_USED_LOCK(CONCAT('haru-migrate.', SHA1(DATABASE()))) = CONNECTION_ID() AS isOwn";
      const limits = '@@lock_wait_timeout AS forTables, @@innodb_lock_wait_timeout AS forRows';
      seen.push(...((await runner.query(`SELECT ${lock}, ${limits}`)) as unknown[]));
    };
    await migrate(bench.database.url, { sets: expanding(aMigration('Look1700000000001', look)) });
    expect(seen.at(-1)).toEqual({ isOwn: 1, forTables: 3, forRows: 3 });
  });
});

describe('G3: an ALTER that waits', () => {
  const ways = {
    'an open transaction': async (reader: Connection) => {
      await reader.query('BEGIN');
      await reader.query('SELECT * FROM room');
      return () => reader.query('COMMIT');
    },
    'a long SELECT': (reader: Connection) => {
      const read = reader.query('SELECT SLEEP(60) FROM room').catch(() => undefined);
      return Promise.resolve(async () => {
        await bench.connection.query(`KILL QUERY ${reader.threadId}`);
        await read;
      });
    },
  };

  it.each(Object.entries(ways))(
    'behind %s gives up after 3 s, nobody waits behind it for longer, and the next try works',
    async (_name, hold) => {
      await withRoom();
      await bench.write({ expand: { ...BEFORE.expand, Topic1700000000002: [TOPIC] } });
      const reader = await open(bench.database);
      const letGo = await hold(reader);
      const begin = performance.now();
      const waiting = bench.run();
      const isWaiting = async () =>
        (await underWay(bench.connection)).some((text) => /metadata lock.*ADD COLUMN/.test(text));
      await waitFor(isWaiting, { timeoutMs: 10_000, everyMs: 20, what: 'the ALTER to wait' });
      const queued = performance.now();
      expect((await bench.connection.query('SELECT id FROM room'))[0]).toEqual([{ id: 1 }]);
      expect(performance.now() - queued).toBeLessThan(3_000 + HALF_MS);
      const { code, err } = await waiting;
      expect(performance.now() - begin).toBeLessThan(20_000);
      expect([code, err]).toEqual([4, expect.stringContaining('Topic1700000000002 had to wait too long')]);
      expect(err).toMatch(
        new RegExp(`In the way may be: connection ${reader.threadId} \\(root\\), for \\d+ s`),
      );
      expect(await columns('room')).toEqual(['id']);
      await letGo();
      await reader.end();
      expect(await bench.run()).toMatchObject({ code: 0, out: 'Applied: Topic1700000000002\n' });
    },
  );
});

describe('G6: two hosts with one migration', () => {
  const once = expanding(
    aMigration('Ran1700000000001', async (runner) => {
      await runner.query('CREATE TABLE IF NOT EXISTS ran (id INT AUTO_INCREMENT PRIMARY KEY)');
      await runner.query('INSERT INTO ran () VALUES ()');
    }),
    aMigration('Twice1700000000002', (runner) => runner.query('INSERT INTO ran () VALUES ()')),
  );

  it('run it once, and both succeed: 20 times', async () => {
    for (let round = 1; round <= 20; round += 1) {
      const fresh = await createDatabase();
      const applied = await Promise.all([1, 2].map(() => migrate(fresh.url, { sets: once })));
      expect(applied.map(({ length }) => length).sort()).toEqual([0, 2]);
      const own = await open(fresh);
      expect((await own.query('SELECT COUNT(*) AS runs FROM ran'))[0]).toEqual([{ runs: 2 }]);
      await own.end();
      await fresh.drop();
    }
  });

  it('run it once, and both succeed: as programs of their own', async () => {
    await bench.write({
      expand: { Room1700000000001: [ROOM, ['seconds', '0.3'], 'INSERT INTO room VALUES (1)'] },
    });
    const both = await Promise.all([bench.run(), bench.run()]);
    expect(both.map(({ code }) => code)).toEqual([0, 0]);
    expect(both.map(({ out }) => out).sort()).toEqual([
      'Applied: Room1700000000001\n',
      'The database is up to date.\n',
    ]);
  });
});
