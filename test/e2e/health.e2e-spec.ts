import { migrate } from '@app/database';
import { MIGRATIONS, type MigrationClass } from '../../libs/database/src/migrations';
import { Drain } from '../../apps/api/src/health/drain';
import { waitFor } from '../../scripts/lib/wait.mjs';
import { startApi, type TestApi } from '../support/api';
import { clientOf, migratedDatabase, startApiProcess, type ServingProcess } from '../support/api-process';
import { startOwnMariadb, type OwnMariadb, type TestDatabase } from '../support/mariadb';
import { aMigration } from '../support/migrations';
import { ownRedis, type OwnRedis } from '../support/redis';

interface Readiness {
  readonly status: string;
  readonly release: string;
  readonly colour: string;
  readonly pid: number;
  readonly startedAt: string;
  readonly checks: Readonly<Record<string, { readonly ok: boolean; readonly reason?: string }>>;
}

const readinessOf = async (api: TestApi) => {
  const { status, body, headers } = await api.client.get<Readiness>('/health/ready');
  return { status, body, cached: headers.get('cache-control') };
};

describe('a server', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi({ RELEASE: 'r7', COLOUR: 'green' });
  });
  afterAll(() => api.stop());

  it('says that it lives, and which one it is', async () => {
    const { status, headers, body } = await api.client.get<Record<string, unknown>>('/health/live');
    expect(status).toBe(200);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(body).toEqual({
      status: 'alive',
      release: 'r7',
      colour: 'green',
      pid: process.pid,
      startedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) as unknown,
      inFlight: 0,
      sockets: 0,
    });
  });

  it('says that it is ready, part by part, and which one it is', async () => {
    const { body } = await api.client.get<Record<string, unknown>>('/health/live');
    expect(await readinessOf(api)).toEqual({
      status: 200,
      cached: 'no-store',
      body: {
        status: 'ready',
        release: 'r7',
        colour: 'green',
        pid: process.pid,
        startedAt: body['startedAt'],
        checks: { database: { ok: true }, migrations: { ok: true }, draining: { ok: true } },
      },
    });
  });

  it('is ready when the other colour has migrated further: it expands first', async () => {
    const newer = ['4102444800000', 'Newer4102444800000'];
    await api.sql('INSERT INTO migration (timestamp, name) VALUES (?, ?)', newer);
    expect((await readinessOf(api)).status).toBe(200);
    await api.sql('DELETE FROM migration WHERE timestamp = ?', [newer[0]]);
  });

  it('is not ready when a newer release has taken away what it needs', async () => {
    const newer = ['4102444800000', 'ContractNewer4102444800000'];
    await api.sql('INSERT INTO migration (timestamp, name) VALUES (?, ?)', newer);
    const { status, body } = await readinessOf(api);
    expect([status, body.checks['migrations']?.reason]).toEqual([
      503,
      'this release is too old for the database: ContractNewer4102444800000',
    ]);
    await api.sql('DELETE FROM migration WHERE timestamp = ?', [newer[0]]);
  });

  it('is ready while a contract migration of its own is pending: that one waits for the releases before to end', async () => {
    const contract = MIGRATIONS.contract as MigrationClass[];
    contract.push(aMigration('ContractLater4102444800000', () => Promise.resolve()));
    expect((await readinessOf(api)).status).toBe(200);
    contract.pop();
  });

  it('is not ready without a migration of its own, and names it', async () => {
    await api.sql("UPDATE migration SET name = CONCAT('x', name)");
    const { status, body } = await readinessOf(api);
    expect([status, body.status]).toEqual([503, 'not-ready']);
    expect(body.checks['database']).toEqual({ ok: true });
    expect(body.checks['migrations']?.reason).toMatch(/^not applied: FirstSlice\d+/);
    await api.sql('UPDATE migration SET name = SUBSTRING(name, 2)');
    expect((await readinessOf(api)).status).toBe(200);
  });

  it('is not ready on an empty database, and says what to do', async () => {
    await api.sql('RENAME TABLE migration TO gone');
    const { status, body } = await readinessOf(api);
    expect([status, body.checks['migrations']?.reason]).toEqual([
      503,
      expect.stringContaining('npm run migrate'),
    ]);
    await api.sql('RENAME TABLE gone TO migration');
    expect((await readinessOf(api)).status).toBe(200);
  });
});

describe('a server that is ending', () => {
  it('is not ready but alive', async () => {
    const api = await startApi();
    api.app.get(Drain).begin();
    const { status, body } = await readinessOf(api);
    expect([status, body.status]).toEqual([503, 'not-ready']);
    expect(body.checks).toEqual({
      database: { ok: true },
      migrations: { ok: true },
      draining: { ok: false, reason: 'the process is ending' },
    });
    expect((await api.client.get('/health/live')).status).toBe(200);
    await api.stop();
  });
});

describe('a server whose database is not well', () => {
  let own: OwnMariadb;
  let api: TestApi;
  beforeAll(async () => {
    own = await startOwnMariadb();
    await migrate(own.url());
    api = await startApi({ DATABASE_URL: own.url() });
  });
  afterAll(async () => {
    await api.stop();
    await own.stop();
  });

  const expectNotReady = async (reason: unknown) => {
    const { status, body } = await readinessOf(api);
    expect([status, body.status]).toEqual([503, 'not-ready']);
    expect(body.checks['database']).toEqual({ ok: false, reason });
    expect(body.checks['migrations']?.ok).toBe(false);
    expect(body.checks['draining']).toEqual({ ok: true });
    expect((await api.client.get('/health/live')).status).toBe(200);
  };
  const untilReady = () =>
    waitFor(async () => (await readinessOf(api)).status === 200, {
      timeoutMs: 5_000,
      what: 'the server to be ready',
    });

  it('is not ready while the database hangs, says so in time, and is ready again afterwards', async () => {
    await untilReady();
    process.kill(own.pid, 'SIGSTOP');
    const before = performance.now();
    await expectNotReady('no answer within 1500 ms');
    expect(performance.now() - before).toBeLessThan(3_000);
    process.kill(own.pid, 'SIGCONT');
    await untilReady();
  });

  it('is not ready while the database is gone, and is ready again within 5 seconds of its return', async () => {
    await untilReady();
    await own.kill9();
    await expectNotReady(expect.stringMatching(/ECONN|EPIPE|connection|closed/i));
    await own.restart();
    await untilReady();
  });
});

describe('a server with a REDIS_URL', () => {
  let redis: OwnRedis;
  let database: TestDatabase;
  let api: ServingProcess;
  const readiness = async () => (await clientOf(api)).get<Readiness>('/health/ready');

  beforeAll(async () => {
    redis = await ownRedis();
    database = await migratedDatabase();
    api = await startApiProcess({ DATABASE_URL: database.url, REDIS_URL: redis.url });
  });
  afterAll(async () => {
    api.signal('SIGTERM');
    expect(await api.end()).toEqual({ code: 0, signal: null });
    await redis.stop();
    await database.drop();
  });

  it('is not ready while nothing is there, and names that part alone', async () => {
    const { status, body } = await readiness();
    expect([status, body.status]).toEqual([503, 'not-ready']);
    expect(body.checks['redis']).toEqual({
      ok: false,
      reason: `connect ECONNREFUSED ${new URL(redis.url).host}`,
    });
    expect(body.checks['database']).toEqual({ ok: true });
  });

  it('is ready once it is there, without being started again', async () => {
    await redis.start();
    const isReady = async () => (await readiness()).status === 200;
    await waitFor(isReady, { timeoutMs: 10_000, everyMs: 50, what: 'the server to be ready' });
    expect((await readiness()).body.checks['redis']).toEqual({ ok: true });
  });
});
