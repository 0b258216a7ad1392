import { createDatabase, type TestDatabase } from '../support/mariadb';
import { freePort } from '../../scripts/lib/ports.mjs';
import { Lab } from './support/lab';

/** The real API takes seconds to start on a machine that is busy to its limit. */
jest.setTimeout(180_000);

const SECRET = 'a secret of this test, long enough for HS256';

/** The real API, healthy by itself: what it depends on is not. */
describe('a release of the API that lives and cannot serve', () => {
  let lab: Lab;
  let database: TestDatabase;
  let empty: TestDatabase;
  const ENV = { JWT_SECRET: SECRET, LOG_LEVEL: 'info' };
  /** Long enough to start on a busy machine, short where a refusal is waited for. */
  const settings = (timeoutMs: number, migrate: string | null) => ({
    service: { migrate },
    health: { timeoutMs, intervalMs: 50 },
  });

  beforeAll(async () => {
    [database, empty] = [await createDatabase(), await createDatabase()];
    lab = await Lab.open({ service: {}, health: { timeoutMs: 60_000 } });
    await lab.deploy('good', { env: { ...ENV, DATABASE_URL: database.url } });
    await lab.configure(settings(10_000, null));
  });
  afterAll(async () => {
    await lab.close();
    await database.drop();
    await empty.drop();
  });

  it.each<[string, () => Promise<Readonly<Record<string, string>>>, RegExp]>([
    [
      'its database is not there',
      () => Promise.resolve({ DATABASE_URL: database.url.replace(database.name, 'no_such_database') }),
      /Unknown database|Access denied|no_such_database/,
    ],
    [
      'its Redis does not answer',
      async () => ({ DATABASE_URL: database.url, REDIS_URL: `redis://127.0.0.1:${await freePort()}` }),
      /redis: /,
    ],
    [
      'the schema is not the one that it needs',
      () => Promise.resolve({ DATABASE_URL: empty.url }),
      /migrations: none was ever applied/,
    ],
  ])('leaves the old one serving, with exit code 4: %s', async (_, environment, reason) => {
    const load = lab.ask('/api/v2/time');
    const { code, err } = await lab.run(['deploy', 'bad'], { env: { ...ENV, ...(await environment()) } });
    expect([code, err]).toEqual([4, expect.stringMatching(reason)]);
    expect(err).toContain('blue (good) serves as before');
    expect((await load).status).toBe(200);
    expect(await lab.served()).toBe('good');
    expect((await lab.history()).at(-1)).toMatchObject({ outcome: 'undone', live: { release: 'good' } });
  });
});
