import { Lab } from '../deploy/support/lab';
import { TEST_SECRET } from '../support/api';
import { migratedDatabase } from '../support/api-process';
import type { TestDatabase } from '../support/mariadb';

/** Two budgets and one more: even when a window ends in the middle, somebody is refused. */
const GUESTS = 2 * 120 + 1;

describe('a client behind the real nginx', () => {
  let lab: Lab;
  let database: TestDatabase;
  beforeAll(async () => {
    database = await migratedDatabase();
    lab = await Lab.open({ service: {} });
    const env = { DATABASE_URL: database.url, JWT_SECRET: TEST_SECRET, RATE_LIMITS: 'on' };
    await lab.deploy('api-1', { env });
  });
  afterAll(async () => {
    await lab.close();
    await database.drop();
  });

  it('has one budget, whatever addresses it makes up', async () => {
    const answers: Response[] = [];
    for (let guest = 0; guest < GUESTS; guest += 1) {
      const address = `203.0.113.${guest}`;
      const headers = { 'x-forwarded-for': address, 'x-real-ip': address, forwarded: `for=${address}` };
      answers.push(await lab.ask('/api/v2/auth/guest', { method: 'POST', headers }));
    }
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThanOrEqual(1);
    expect(answers.filter(({ status }) => status === 200).length).toBe(GUESTS - refused.length);
    for (const { headers } of refused) expect(headers.get('retry-after')).toMatch(/^[1-9]\d?$/);
    expect(await refused[0]?.json()).toMatchObject({ code: 1429, status: 429 });
  });
});
