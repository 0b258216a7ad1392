import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Connection } from 'mysql2/promise';
import { ROOT } from '../../scripts/lib/paths.mjs';
import { waitFor } from '../../scripts/lib/wait.mjs';
import { createDatabase, type TestDatabase } from '../support/mariadb';
import { columnsOf, open, underWay, writeMigrateProgram, type Planted } from '../support/migrations';
import { Lab, type Ended, type Running } from './support/lab';

const ENTRY = join(ROOT, 'test/support/deploy-fixture/service.mjs');
const SETTINGS = {
  service: { entry: ENTRY, migrate: 'migrate.mjs' },
  watch: { forMs: 0 },
  drain: { minMs: 0, intervalMs: 10 },
};
const ROOM = 'CREATE TABLE IF NOT EXISTS room (id INT NOT NULL PRIMARY KEY, mood INT NULL)';
const first: Planted = { expand: { Room1700000000001: [ROOM] } };
const topic = {
  Topic1700000000002: [
    ['add', 'room', 'topic', 'INT NULL'],
    ['add', 'room', 'notes', 'INT NULL'],
  ],
};
const second: Planted = { expand: { ...first.expand, ...topic } };
const third: Planted = { ...second, contract: { ContractMood1700000000003: [['drop', 'room', 'mood']] } };

let lab: Lab;
let database: TestDatabase;
let connection: Connection;
beforeEach(async () => {
  lab = await Lab.open(SETTINGS);
  database = await createDatabase();
  connection = await open(database);
});
afterEach(async () => {
  await lab.close();
  await connection.end();
  await database.drop();
});

const release = (id: string, planted: Planted) =>
  writeMigrateProgram(join(lab.dir, 'releases', id, 'migrate.mjs'), planted);
const start = (...words: readonly string[]): Running =>
  lab.start(words, { env: { DATABASE_URL: database.url } });
const run = (...words: readonly string[]): Promise<Ended> => start(...words).ended;
const columns = () => columnsOf(connection, 'room');

async function succeed(...words: readonly string[]): Promise<string> {
  const { code, out, err } = await run(...words);
  expect([code, err]).toEqual([0, '']);
  return out;
}

async function goLive(...releases: readonly (readonly [string, Planted])[]): Promise<void> {
  for (const [id, planted] of releases) {
    await release(id, planted);
    await succeed('deploy', id);
  }
}

/** Somebody reads the table in a transaction that is not ended. */
async function readRooms(): Promise<Connection> {
  const reader = await open(database);
  await reader.query('BEGIN');
  await reader.query('SELECT * FROM room');
  return reader;
}

const untilAlterWaits = () =>
  waitFor(async () => (await underWay(connection)).some((text) => /metadata lock.*ADD COLUMN/.test(text)), {
    timeoutMs: 15_000,
    everyMs: 20,
    what: 'the ALTER to wait',
  });

describe('a migration that goes wrong', () => {
  it('G1: half way leaves the old release serving (4), and completes with the next deploy', async () => {
    await goLive(['r1', first]);
    const trouble = join(lab.dir, 'trouble');
    await writeFile(trouble, '');
    const [topicOnly, notes] = topic.Topic1700000000002;
    const steps = [topicOnly ?? [], ['fail', trouble], notes ?? []];
    await release('r2', { expand: { ...first.expand, Topic1700000000002: steps } });
    const failed = await run('deploy', 'r2');
    expect(failed.code).toBe(4);
    expect(failed.err).toContain('The migrations of r2 failed (exit code 1)');
    expect(failed.err).toContain('run the same command again to go on from there');
    expect([await lab.served(), await columns()]).toEqual(['r1', ['id', 'mood', 'topic']]);
    await rm(trouble);
    await succeed('deploy', 'r2');
    expect([await lab.served(), await columns()]).toEqual(['r2', ['id', 'mood', 'topic', 'notes']]);
    const { steps: told } = (await lab.history()).at(-1) as { steps: readonly { step: string }[] };
    expect(told).toContainEqual(
      expect.objectContaining({ step: 'migrate', migrations: ['Topic1700000000002'], note: '1 applied' }),
    );
  });

  it('by doing more than add is refused before anything has run (4)', async () => {
    await goLive(['r1', first]);
    await release('r2', { expand: { ...second.expand, Tidy1700000000004: [['drop', 'room', 'mood']] } });
    const { code, err } = await run('deploy', 'r2');
    expect(code).toBe(4);
    expect(err).toContain('The migrations of r2 were refused before anything was run.');
    expect(err).toContain('Tidy1700000000004: `ALTER TABLE room DROP COLUMN mood`: it takes away');
    expect([await lab.served(), await columns()]).toEqual(['r1', ['id', 'mood']]);
  });

  it('G3: by waiting behind an open transaction is given up (4), people go on, and the next try works', async () => {
    await goLive(['r1', first]);
    await release('r2', second);
    const reader = await readRooms();
    const deploying = start('deploy', 'r2');
    await untilAlterWaits();
    await connection.query('SELECT * FROM room');
    const { code, err } = await deploying.ended;
    expect([code, await lab.served()]).toEqual([4, 'r1']);
    expect(err).toContain('The migrations of r2 had to wait too long for others, and gave up.');
    expect(err).toContain(`In the way may be: connection ${reader.threadId} (root)`);
    await reader.end();
    await succeed('deploy', 'r2');
    expect(await lab.served()).toBe('r2');
  });
});

describe('G2: a deployer that is killed in a migration', () => {
  it.each([
    ['with its runner', true],
    ['while its runner goes on', false],
  ])('%s leaves the old release serving, and the next deploy completes both', async (_how, withRunner) => {
    await goLive(['r1', first]);
    await release('r2', second);
    const reader = await readRooms();
    const killed = start('deploy', 'r2');
    await untilAlterWaits();
    const children = await readFile(`/proc/${killed.pid}/task/${killed.pid}/children`, 'utf8');
    const runners = children.trim().split(/\s+/).map(Number);
    expect(runners).toHaveLength(1);
    lab.kill(killed.pid, ...(withRunner ? runners : []));
    expect(await lab.served()).toBe('r1');
    const next = start('deploy', 'r2');
    await reader.end();
    expect(await next.ended).toMatchObject({ code: 0 });
    expect([await lab.served(), await columns()]).toEqual(['r2', ['id', 'mood', 'topic', 'notes']]);
  });
});

describe('G4: a rollback', () => {
  it('works after expand, and is refused in advance after contract', async () => {
    await goLive(['r1', first], ['r2', third]);
    await succeed('rollback');
    expect([await lab.served(), await columns()]).toEqual(['r1', ['id', 'mood', 'topic', 'notes']]);
    await succeed('rollback');
    expect(await lab.served()).toBe('r2');
    await succeed('contract', '--close-window');
    expect(await columns()).toEqual(['id', 'topic', 'notes']);
    const runs = (await lab.history()).length;
    for (const words of [['rollback'], ['deploy', 'r1']]) {
      const { code, err } = await run(...words);
      expect([code, err]).toEqual([
        5,
        expect.stringMatching(
          /^Release r1 cannot run any more: the contract migrations of r2 \(ContractMood1700000000003\)/,
        ),
      ]);
    }
    expect([await lab.served(), (await lab.history()).length]).toEqual(['r2', runs]);
    expect(await succeed('status')).toContain('rollback  r1 cannot run any more');
  });

  it('is refused to a release that nobody has deployed here, and allowed to one that knows what is gone', async () => {
    await goLive(['r1', first], ['r2', third]);
    await succeed('contract', '--close-window');
    await release('r0', second);
    const { code, err } = await run('deploy', 'r0');
    expect([code, err]).toEqual([5, expect.stringContaining('Release r0 cannot run any more')]);
    await goLive(['r3', third]);
    await succeed('rollback');
    expect(await lab.served()).toBe('r2');
  });
});

describe('G5: contract migrations', () => {
  it('are refused while a process of an older release lives, and while the way back is open', async () => {
    await lab.configure({ ...SETTINGS, stop: { timeoutMs: 5_000, keepOld: true } });
    await goLive(['r1', first], ['r2', third]);
    const expectRefused = async (why: string, next: string): Promise<void> => {
      const { code, err } = await run('contract');
      expect([code, err]).toEqual([2, expect.stringContaining(why)]);
      expect(err).toContain(next);
      expect(await columns()).toContain('mood');
    };
    await expectRefused('blue (r1) still runs', 'npm run deploy -- drain blue');
    await succeed('drain', 'blue');
    await expectRefused('The way back to r1 is open until', 'contract --close-window');
    expect(await succeed('status')).toMatch(
      /contract {2}pending: ContractMood1700000000003; the way back is open until 20/,
    );
    await lab.configure({ ...SETTINGS, migrations: { rollbackWindowMs: 0 } });
    expect(await succeed('contract')).toContain('Contracted: green (r2) is live');
    expect([await lab.served(), await columns()]).toEqual(['r2', ['id', 'topic', 'notes']]);
    expect((await lab.history()).at(-1)).toMatchObject({
      intent: 'contract',
      outcome: 'done',
      to: { release: 'r2' },
      steps: [{ step: 'raise-floor' }, { step: 'contract', migrations: ['ContractMood1700000000003'] }],
    });
    expect(await succeed('contract')).toContain('r2 has no contract migration that is pending.');
    expect(await succeed('status')).not.toContain('pending');
  });

  it('are refused while a run is unfinished, and by a program that does not say what is pending', async () => {
    await goLive(['r1', first], ['r2', third]);
    await release('r3', third);
    await run('deploy', 'r3', '--fault', 'before:switch:kill9');
    const { code, err } = await run('contract', '--close-window');
    expect([code, err]).toEqual([5, expect.stringContaining('An earlier deploy did not finish')]);
    await succeed('deploy', 'r3');
    await writeFile(join(lab.dir, 'releases/r3/migrate.mjs'), "console.log('The database is up to date.');");
    const silent = await run('contract', '--close-window');
    expect([silent.code, silent.err]).toEqual([2, expect.stringContaining('does not say which migrations')]);
    expect(await columns()).toContain('mood');
  });

  it('that were interrupted or failed count as begun, and go on when they are run again', async () => {
    await goLive(['r1', first]);
    const trouble = join(lab.dir, 'trouble');
    await writeFile(trouble, '');
    const steps = [
      ['drop', 'room', 'mood'],
      ['fail', trouble],
    ];
    await goLive(['r2', { ...second, contract: { ContractMood1700000000003: steps } }]);
    await run('contract', '--close-window', '--fault', 'before:contract:kill9');
    expect((await run('rollback')).code).toBe(5);
    const failed = await run('contract', '--close-window');
    expect([failed.code, failed.err]).toEqual([
      5,
      expect.stringContaining('The contract migrations of r2 failed (exit code 1)'),
    ]);
    expect(failed.err).toContain('Next:  npm run deploy -- contract goes on where they stopped');
    expect((await lab.history()).at(-1)).toMatchObject({ intent: 'contract', outcome: 'failed' });
    await rm(trouble);
    await succeed('contract', '--close-window');
    expect([await lab.served(), await columns()]).toEqual(['r2', ['id', 'topic', 'notes']]);
  });
});
