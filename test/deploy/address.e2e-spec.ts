import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { waitFor } from '../../scripts/lib/wait.mjs';
import { createDatabase, type TestDatabase } from '../support/mariadb';
import { Lab } from './support/lab';

const SECRET = 'a secret of this test, long enough for HS256';

describe('the API behind the real nginx', () => {
  let lab: Lab;
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createDatabase();
    lab = await Lab.open({ service: {} });
    await lab.deploy('api-1', { env: { DATABASE_URL: database.url, JWT_SECRET: SECRET, LOG_LEVEL: 'info' } });
  });
  afterAll(async () => {
    await lab.close();
    await database.drop();
  });

  /** The line that the API logged about a request. */
  const logged = async (requestId: string): Promise<Record<string, unknown>> => {
    const find = async () => {
      const text = await readFile(join(lab.dir, 'log/blue-api-1.log'), 'utf8');
      const line = text.split('\n').find((one) => one.includes(requestId));
      return line === undefined ? undefined : (JSON.parse(line) as Record<string, unknown>);
    };
    return waitFor(find, { timeoutMs: 5_000, what: `the log line of ${requestId}` });
  };

  it('was migrated and is served by its release', async () => {
    const ready = await lab.ask('/health/ready');
    expect(ready.status).toBe(200);
    expect(await ready.json()).toMatchObject({ status: 'ready', release: 'api-1', colour: 'blue' });
  });

  it('sees who really asks, not what a client writes into X-Forwarded-For', async () => {
    const forged = { 'x-forwarded-for': '203.0.113.9, 198.51.100.7' };
    const answer = await lab.ask('/api/v2/error-code', {
      headers: { ...forged, accept: 'application/json' },
    });
    expect(answer.status).toBe(200);
    const line = await logged(answer.headers.get('x-request-id') ?? 'none');
    expect(line['ip']).toBe('127.0.0.1');
  });

  it('answers with the request id that nginx logs, not with the one of the client', async () => {
    const answer = await lab.ask('/api/v2/time', { headers: { 'x-request-id': 'made-up-by-a-client' } });
    const id = answer.headers.get('x-request-id') ?? '';
    expect(id).toMatch(/^[0-9a-f]{32}$/);
    const find = async () => (await readFile(join(lab.dir, 'nginx/access.log'), 'utf8')).includes(id);
    expect(await waitFor(find, { timeoutMs: 5_000, what: 'the access log' })).toBe(true);
  });

  it('serves Swagger UI and its document on the site', async () => {
    expect((await lab.ask('/swagger-ui')).status).toBe(200);
    expect(await (await lab.ask('/v3/api-docs')).json()).toHaveProperty('openapi');
    expect((await lab.ask('/v3/api-docs.yaml')).status).toBe(200);
    // By this mark nginx's configuration is tried: whatever is not marked is not the app's.
    for (const path of ['/swagger-ui', '/v3/api-docs', '/health/live', '/api/v2/time']) {
      expect((await lab.ask(path)).headers.get('x-release')).toBe('api-1');
    }
  });

  it('keeps its metrics from the public', async () => {
    expect((await lab.ask('/metrics')).status).toBe(404);
  });
});
