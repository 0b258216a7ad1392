import { waitFor } from '../../scripts/lib/wait.mjs';
import { startApi, type TestApi } from '../support/api';
import { migratedDatabase, startApiProcess, type ServingProcess } from '../support/api-process';
import type { TestDatabase } from '../support/mariadb';
import { ownRedis, type OwnRedis } from '../support/redis';
import { ask } from '../support/wire';

const GUESTS = 120;
/** Above the time that a call waits for Redis, below the patience of people. */
const PATIENCE_MS = 3_000;

const guestFrom = async (server: string, address: string) => {
  const headers = { 'x-forwarded-for': address };
  return (await ask(server, '/api/v2/auth/guest', { method: 'POST', headers })).status;
};

/** How 300 requests for a guest are answered that come at once from one address to these servers. */
async function rush(servers: readonly string[], address: string): Promise<Record<number, number>> {
  const calls = Array.from({ length: 300 }, (_, call) =>
    guestFrom(servers[call % servers.length] ?? '', address),
  );
  const tally: Record<number, number> = {};
  for (const status of await Promise.all(calls)) tally[status] = (tally[status] ?? 0) + 1;
  return tally;
}

const isReady = async (server: string) => (await ask(server, '/health/ready')).status === 200;
const untilReady = (server: string) =>
  waitFor(() => isReady(server), { timeoutMs: 15_000, everyMs: 50, what: 'the server to be ready' });

describe.each(['the database', 'Redis'])('two processes that share %s', (store) => {
  let redis: OwnRedis;
  let database: TestDatabase;
  let processes: readonly ServingProcess[];
  beforeAll(async () => {
    redis = await ownRedis();
    await redis.start();
    database = await migratedDatabase();
    const REDIS_URL = store === 'Redis' ? redis.url : undefined;
    const settings = { DATABASE_URL: database.url, RATE_LIMITS: 'on', REDIS_URL };
    processes = await Promise.all([startApiProcess(settings), startApiProcess(settings)]);
    for (const { address } of processes) await untilReady(address);
  });
  afterAll(async () => {
    await Promise.all(processes.map((one) => one.kill9()));
    await redis.stop();
    await database.drop();
  });

  // Two minutes may meet in the middle of a rush; three rushes of seconds cannot all be so unlucky.
  it('let one address have one budget, whichever of them it asks', async () => {
    const servers = processes.map(({ address }) => address);
    const tallies = [];
    for (const address of ['203.0.113.1', '203.0.113.2', '203.0.113.3'])
      tallies.push(await rush(servers, address));
    expect(tallies).toContainEqual({ 200: GUESTS, 429: 300 - GUESTS });
    expect((await redis.client.dbsize()) > 0).toBe(store === 'Redis');
  });
});

describe('a server whose Redis is lost', () => {
  let redis: OwnRedis;
  let api: TestApi;
  beforeAll(async () => {
    redis = await ownRedis();
    await redis.start();
    api = await startApi({ RATE_LIMITS: 'on', REDIS_URL: redis.url });
    await untilReady(api.baseUrl);
  });
  afterAll(async () => {
    await api.stop();
    await redis.stop();
  });

  /** How long a login takes, in ms. @throws when it does not succeed */
  const login = async (address: string): Promise<number> => {
    const before = performance.now();
    expect(await guestFrom(api.baseUrl, address)).toBe(200);
    return performance.now() - before;
  };
  const rows = () => api.sql('SELECT 1 FROM request_count');
  const failures = async () =>
    Number(
      /^haru_rate_limit_redis_failures_total (\d+)/m.exec((await ask(api.baseUrl, '/metrics')).text)?.[1],
    );
  const countsInRedisAgain = async () => {
    await api.sql('DELETE FROM request_count');
    await login('198.51.100.1');
    return (await rows()).length === 0;
  };

  it('goes on logging people in, in time, counts in the database, and says so', async () => {
    await login('203.0.113.1');
    expect(await rows()).toEqual([]);
    const before = await failures();
    await redis.kill9();
    for (let logins = 0; logins < 5; logins += 1)
      expect(await login('203.0.113.1')).toBeLessThan(PATIENCE_MS);
    expect((await rows()).length).toBeGreaterThan(0);
    expect(await failures()).toBeGreaterThan(before);
    expect(api.logs.some(({ msg }) => String(msg).startsWith('Redis does not count calls'))).toBe(true);
  });

  it('still lets nobody have more than a budget', async () => {
    const tally = await rush([api.baseUrl], '203.0.113.2');
    expect(tally).toEqual({ 200: expect.any(Number) as number, 429: expect.any(Number) as number });
    expect(tally[429]).toBeGreaterThanOrEqual(300 - 2 * GUESTS);
  });

  it('counts in Redis again when it is back, without being started again', async () => {
    await redis.start();
    await waitFor(countsInRedisAgain, { timeoutMs: 10_000, everyMs: 100, what: 'counts in Redis' });
  });

  it('waits once, not every time, for a Redis that hangs', async () => {
    await waitFor(countsInRedisAgain, { timeoutMs: 10_000, everyMs: 100, what: 'counts in Redis' });
    redis.freeze();
    const before = await failures();
    const tookMs: number[] = [];
    for (let logins = 0; logins < 10; logins += 1) tookMs.push(await login('203.0.113.3'));
    expect(Math.max(...tookMs)).toBeLessThan(PATIENCE_MS);
    expect((await failures()) - before).toBeLessThan(10);
    redis.thaw();
    await waitFor(countsInRedisAgain, { timeoutMs: 10_000, everyMs: 100, what: 'counts in Redis' });
  });
});
