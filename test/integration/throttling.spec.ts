import { Clock } from '@app/kernel';
import { LIMITS } from '../../apps/api/src/http/limits';
import { HousekeepingService } from '../../apps/api/src/housekeeping/housekeeping.service';
import type { LimitName } from '../../apps/api/src/throttling/bucket';
import { TooManyRequests } from '../../apps/api/src/throttling/throttling.errors';
import { ThrottlingService } from '../../apps/api/src/throttling/throttling.service';
import { waitFor } from '../../scripts/lib/wait.mjs';
import { startApi, type TestApi } from '../support/api';
import { ownRedis, type OwnRedis } from '../support/redis';

const NAMES = Object.keys(LIMITS.rates) as LimitName[];
const NOW = Date.parse('2026-11-20T03:00:00.000Z');

/** Two servers of one installation. */
let left: TestApi;
let right: TestApi;
let redis: OwnRedis;

const service = (api: TestApi) => api.app.get(ThrottlingService);
const holdClock = (nowMs: number) => {
  for (const api of [left, right]) jest.spyOn(api.app.get(Clock), 'now').mockReturnValue(new Date(nowMs));
};

/** For how long the call is refused, in s; 0 when it is allowed. */
async function refusedFor(api: TestApi, limit: LimitName, ...counted: (string | number | Buffer)[]) {
  try {
    await service(api).count(limit, ...counted);
    return 0;
  } catch (error) {
    if (!(error instanceof TooManyRequests)) throw error;
    return error.retryAfterS;
  }
}

const spend = async (limit: LimitName, ...counted: (string | number | Buffer)[]) => {
  for (let calls = 0; calls < LIMITS.rates[limit].max; calls += 1) {
    expect(await refusedFor(calls % 2 === 0 ? left : right, limit, ...counted)).toBe(0);
  }
};

let people = 0;
const somebody = () => `somebody ${(people += 1)}`;

beforeAll(async () => {
  redis = await ownRedis();
  await redis.start();
});
afterAll(() => redis.stop());
afterEach(() => jest.restoreAllMocks());

const startBoth = async (env: Record<string, string>) => {
  left = await startApi({ RATE_LIMITS: 'on', ...env });
  right = await startApi({ RATE_LIMITS: 'on', DATABASE_URL: left.database.url, ...env });
};
const stopBoth = async () => {
  await right.stop();
  await left.stop();
};
/** Redis is connected to in the background. */
const untilReady = async () => {
  for (const { client } of [left, right]) {
    const isReady = async () => (await client.get('/health/ready')).status === 200;
    await waitFor(isReady, { timeoutMs: 10_000, what: 'the server to be ready' });
  }
};

describe.each(['the database', 'Redis'])('two servers that count in %s', (store) => {
  beforeAll(async () => {
    await startBoth(store === 'Redis' ? { REDIS_URL: redis.url } : {});
    await untilReady();
  });
  afterAll(stopBoth);

  it.each(NAMES)('allow %s to its limit, refuse the next, and allow it in the next window', async (limit) => {
    const who = somebody();
    holdClock(NOW);
    await spend(limit, who);
    const waitS = await refusedFor(left, limit, who);
    expect(waitS).toBeGreaterThanOrEqual(1);
    expect(waitS).toBeLessThanOrEqual(LIMITS.rates[limit].windowMs / 1_000);
    expect(await refusedFor(right, limit, who)).toBe(waitS);

    holdClock(NOW + (waitS - 1) * 1_000);
    expect([await refusedFor(left, limit, who), await refusedFor(right, limit, who)]).toEqual([1, 1]);
    holdClock(NOW + waitS * 1_000);
    await spend(limit, who);
    expect(await refusedFor(right, limit, who)).toBe(60);
  });

  it('let exactly as many of 300 parallel calls through as the limit says, every time', async () => {
    holdClock(NOW);
    for (let round = 0; round < 10; round += 1) {
      const who = somebody();
      const calls = Array.from({ length: 300 }, (_, call) =>
        refusedFor(call % 2 === 0 ? left : right, 'guestLogin', who),
      );
      expect((await Promise.all(calls)).filter((waitS) => waitS === 0)).toHaveLength(120);
    }
  });

  it('keep apart who is counted, and for what', async () => {
    holdClock(NOW);
    await spend('adminLogin', 'admin', '203.0.113.7');
    expect(await refusedFor(left, 'adminLogin', 'admin', '203.0.113.7')).toBeGreaterThan(0);
    const others = [
      ['adminLogin', 'admin', '203.0.113.8'],
      ['adminLogin', 'root', '203.0.113.7'],
      ['adminLogin', 'admin203.0.113.7'],
      ['login', 'admin', '203.0.113.7'],
    ] as const;
    for (const [limit, ...counted] of others) expect(await refusedFor(left, limit, ...counted)).toBe(0);
    await spend('codeLookup', 7);
    expect(await refusedFor(left, 'codeLookup', 7)).toBeGreaterThan(0);
    expect([await refusedFor(left, 'codeLookup', 70), await refusedFor(left, 'codeLookup', '7')]).toEqual([
      0, 0,
    ]);
  });

  it('know a login by its id', async () => {
    holdClock(NOW);
    await spend('refresh', Buffer.alloc(16, 1));
    expect(await refusedFor(right, 'refresh', Buffer.alloc(16, 1))).toBeGreaterThan(0);
    expect(await refusedFor(right, 'refresh', Buffer.alloc(16, 2))).toBe(0);
  });

  it('do not begin everybody’s window at the same instant', async () => {
    holdClock(NOW);
    const waits = new Set<number>();
    for (let person = 0; person < 8; person += 1) {
      const who = somebody();
      await spend('adminLogin', who);
      waits.add(await refusedFor(left, 'adminLogin', who));
    }
    expect(waits.size).toBeGreaterThan(2);
  });
});

describe('the counts', () => {
  const rows = () => left.sql<{ calls: number; expires_at: Date }>('SELECT * FROM request_count');

  describe('in the database', () => {
    beforeAll(() => startBoth({}));
    afterAll(stopBoth);

    it('tell nobody who was counted', async () => {
      await service(left).count('adminLogin', 'the-admin', '203.0.113.7');
      const [row] = await left.sql<{ bucket: Buffer }>('SELECT * FROM request_count');
      expect(row?.bucket).toHaveLength(16);
      expect(
        JSON.stringify(await left.sql('SELECT CAST(bucket AS CHAR) AS b FROM request_count')),
      ).not.toMatch(/admin|203/);
    });

    it('do not grow by those who go on after they were refused', async () => {
      await left.sql('DELETE FROM request_count');
      const who = somebody();
      holdClock(NOW);
      for (let call = 0; call < 100; call += 1) await refusedFor(left, 'adminLogin', who);
      expect((await rows()).map(({ calls }) => calls)).toEqual([6]);
    });

    it('are forgotten when their window is over, and not before', async () => {
      await left.sql('DELETE FROM request_count');
      holdClock(NOW);
      await service(left).count('login', somebody());
      const tidy = () => left.app.get(HousekeepingService).tidy();
      const endsAtMs = (await rows())[0]?.expires_at.getTime() ?? 0;
      expect(endsAtMs).toBeGreaterThan(NOW);
      holdClock(endsAtMs - 1);
      await tidy();
      expect(await rows()).toHaveLength(1);
      holdClock(endsAtMs);
      await tidy();
      expect(await rows()).toEqual([]);
    });

    it('are forgotten however many there are', async () => {
      await left.sql('INSERT INTO request_count SELECT UNHEX(MD5(seq)), 1, 1, ? FROM seq_1_to_2500', [
        new Date(NOW),
      ]);
      holdClock(NOW);
      await left.app.get(HousekeepingService).tidy();
      expect(await rows()).toEqual([]);
    });
  });

  describe('in Redis', () => {
    beforeAll(async () => {
      await startBoth({ REDIS_URL: redis.url });
      await untilReady();
    });
    afterAll(stopBoth);

    it('tell nobody who was counted, are in nobody else’s way, and always run out', async () => {
      await redis.client.flushall();
      await service(left).count('adminLogin', 'the-admin', '203.0.113.7');
      await service(right).count('adminLogin', 'the-admin', '203.0.113.7');
      await service(left).count('login', '203.0.113.7');
      const keys = await redis.client.keys('*');
      expect(keys).toHaveLength(2);
      for (const key of keys) {
        expect(key).toMatch(/^haru:calls:[0-9a-f]{32}:\d+$/);
        const leftMs = await redis.client.pttl(key);
        expect(leftMs).toBeGreaterThan(0);
        expect(leftMs).toBeLessThanOrEqual(60_000);
      }
      expect(await rows()).toEqual([]);
    });
  });
});

describe('servers without limits', () => {
  beforeAll(() => startBoth({ RATE_LIMITS: 'off' }));
  afterAll(stopBoth);

  it('count nothing', async () => {
    for (const limit of NAMES) {
      await spend(limit, 'anybody');
      expect(await refusedFor(left, limit, 'anybody')).toBe(0);
    }
    expect(await left.sql('SELECT 1 FROM request_count')).toEqual([]);
  });
});
