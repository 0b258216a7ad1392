import { join } from 'node:path';
import { startApi, type TestApi } from '../support/api';
import { migratedDatabase, newFolder, startApiProcess } from '../support/api-process';
import { waitFor } from '../../scripts/lib/wait.mjs';
import { aGuest } from '../support/people';
import { ask } from '../support/wire';

let api: TestApi;
beforeAll(async () => {
  api = await startApi({ RELEASE: '2026.11.20-1', LOG_LEVEL: 'debug' });
});
afterAll(() => api.stop());

/** Every kind of answer: a page, JSON, text, nothing, and failures of routing, of the guard and of the parser. */
const ANSWERS = [
  ['GET', '/swagger-ui', 200],
  ['GET', '/swagger-ui/swagger-ui.css', 200],
  ['GET', '/v3/api-docs', 200],
  ['GET', '/api/v2/time', 200],
  ['HEAD', '/api/v2/time', 200],
  ['GET', '/metrics', 200],
  ['GET', '/health/live', 200],
  ['GET', '/health/ready', 200],
  ['POST', '/api/v2/auth/guest', 200],
  ['GET', '/api/v2/me', 400],
  ['GET', '/nowhere', 404],
  ['PUT', '/api/v2/me', 405],
  ['GET', '/%ff', 400],
] as const;

describe('every answer', () => {
  it.each(ANSWERS)(
    'says to which request it belongs and which release gave it: %s %s',
    async (method, path, status) => {
      const answer = await ask(api.baseUrl, path, { method, headers: { 'x-request-id': 'from-nginx-42' } });
      expect(answer.status).toBe(status);
      expect(answer.headers).toMatchObject({ 'x-request-id': 'from-nginx-42', 'x-release': '2026.11.20-1' });
    },
  );

  it.each([
    '1234567',
    'x'.repeat(65),
    'with blanks in it',
    '<script>alert(1)</script>',
    '"quoted-and-long"',
    '12345678,12345678',
    '../../etc/passwd',
  ])('has a new id instead of a strange one: %s', async (given) => {
    const { headers } = await ask(api.baseUrl, '/api/v2/time', { headers: { 'x-request-id': given } });
    expect(headers['x-request-id']).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  });

  it('has an id of its own', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask(api.baseUrl, '/api/v2/time')));
    expect(new Set(answers.map(({ headers }) => headers['x-request-id'])).size).toBe(20);
  });

  it.each(ANSWERS.filter(([, path]) => path !== '/%ff'))(
    'is taken by browsers for nothing but what it says it is: %s %s',
    async (method, path) => {
      const { headers } = await ask(api.baseUrl, path, { method });
      expect(headers['x-content-type-options']).toBe('nosniff');
      for (const name of ['strict-transport-security', 'x-powered-by', 'server'])
        expect(headers).not.toHaveProperty(name);
    },
  );
});

describe('a page for people', () => {
  it.each(['/api/v2/error-code', '/swagger-ui'])(
    'tells browsers to be careful, and works without TLS: %s',
    async (path) => {
      const { headers } = await ask(api.baseUrl, path);
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'SAMEORIGIN',
        'referrer-policy': 'no-referrer',
      });
      const policy = String(headers['content-security-policy']);
      expect(policy).toContain("default-src 'self'");
      expect(policy).not.toContain('upgrade-insecure-requests');
      expect(headers).not.toHaveProperty('strict-transport-security');
    },
  );
});

describe('the time of the server', () => {
  it('is told to everybody, is never kept, and is right', async () => {
    const before = Date.now();
    const { status, headers, body } = await api.client.get<{ serverNow: string }>('/api/v2/time');
    expect(status).toBe(200);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(body.serverNow).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(Date.parse(body.serverNow)).toBeGreaterThanOrEqual(before);
    expect(Date.parse(body.serverNow)).toBeLessThanOrEqual(Date.now());
  });
});

describe('the address of the caller', () => {
  const loggedFor = async (requestId: string, headers: Record<string, string>) => {
    await ask(api.baseUrl, '/api/v2/time', { headers: { 'x-request-id': requestId, ...headers } });
    return api.logs.find((line) => line['requestId'] === requestId)?.['ip'];
  };

  it('is the peer when nobody says otherwise', async () => {
    expect(await loggedFor('address-1', {})).toBe('127.0.0.1');
  });

  it('is what a proxy on this machine says', async () => {
    expect(await loggedFor('address-2', { 'x-forwarded-for': '203.0.113.7' })).toBe('203.0.113.7');
    expect(await loggedFor('address-3', { 'x-forwarded-for': '2001:db8::7' })).toBe('2001:db8::7');
  });

  it('is the last one that is not ours: what stands before it, the caller may have made up', async () => {
    const forged = { 'x-forwarded-for': '127.0.0.1, 198.51.100.1, 203.0.113.7' };
    expect(await loggedFor('address-4', forged)).toBe('203.0.113.7');
    const twoProxies = { 'x-forwarded-for': '198.51.100.1, 203.0.113.7, 127.0.0.1' };
    expect(await loggedFor('address-5', twoProxies)).toBe('203.0.113.7');
  });

  it('is not taken from other headers', async () => {
    const others = { forwarded: 'for=203.0.113.7', 'x-real-ip': '203.0.113.7', 'x-client-ip': '203.0.113.7' };
    expect(await loggedFor('address-6', others)).toBe('127.0.0.1');
  });

  it('does not break a request whose header is nonsense', async () => {
    const answer = await ask(api.baseUrl, '/api/v2/time', { headers: { 'x-forwarded-for': ',,;"\t"' } });
    expect(answer.status).toBe(200);
  });

  it('is what the other end of a unix socket says, which has no address of its own', async () => {
    const socket = join(newFolder(), 'api.sock');
    const database = await migratedDatabase();
    const process = await startApiProcess({
      DATABASE_URL: database.url,
      SOCKET_PATH: socket,
      LOG_LEVEL: 'debug',
    });
    const headers = { 'x-request-id': 'address-7', 'x-forwarded-for': '198.51.100.1, 203.0.113.7' };
    expect((await ask(socket, '/api/v2/time', { headers })).status).toBe(200);

    const lineOf = (id: string) => process.logs().find(({ requestId }) => requestId === id);
    const line = await waitFor(() => lineOf('address-7'), { timeoutMs: 5_000, what: 'the line' });
    expect(line).toMatchObject({ ip: '203.0.113.7' });

    await ask(socket, '/api/v2/time', { headers: { 'x-request-id': 'address-8' } });
    const unknown = await waitFor(() => lineOf('address-8'), { timeoutMs: 5_000, what: 'the line' });
    expect(unknown).not.toHaveProperty('ip');
    process.signal('SIGTERM');
    expect(await process.end()).toEqual({ code: 0, signal: null });
    await database.drop();
  });
});

describe('a connection', () => {
  it('is kept for the next request', async () => {
    await aGuest(api.client);
    const { headers } = await ask(api.baseUrl, '/api/v2/time', { headers: { connection: 'keep-alive' } });
    expect(headers['connection']).toBe('keep-alive');
  });
});

it('a request is never refused for a method that is the right one: what the router finds no route for is missing', async () => {
  const { status, headers, text } = await ask(api.baseUrl, '/api/v2/calendar-feeds/a%0Ab.ics');
  expect([status, headers.allow]).toEqual([404, undefined]);
  expect(JSON.parse(text)).toMatchObject({ code: 1602 });
});
