import { startApi, type TestApi } from '../support/api';
import { aGuest } from '../support/people';
import { ask } from '../support/wire';

const OURS = 'https://haru.example';
const ALSO_OURS = 'http://localhost:3001';
const FOREIGN = [
  'https://evil.example',
  'http://haru.example',
  'https://haru.example.evil.example',
  'https://evil-haru.example',
  'https://haru.example:8443',
  'null',
  '*',
];

let api: TestApi;
beforeAll(async () => {
  api = await startApi({ CORS_ORIGINS: `${OURS}, ${ALSO_OURS}` });
});
afterAll(() => api.stop());

const corsHeaders = (headers: object) =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => name.startsWith('access-control-')));

const preflight = (origin: string, path = '/api/v2/studies', headers = 'authorization,content-type') =>
  ask(api.baseUrl, path, {
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': headers,
    },
  });

describe('a page of an allowed origin', () => {
  it.each([OURS, ALSO_OURS])(
    'may read the answers, with cookies, and the headers that it needs: %s',
    async (origin) => {
      const { token } = await aGuest(api.client);
      const headers = { origin, authorization: `Bearer ${token}` };
      const answer = await ask(api.baseUrl, '/api/v2/me', { headers });
      expect(answer.status).toBe(200);
      expect(corsHeaders(answer.headers)).toEqual({
        'access-control-allow-origin': origin,
        'access-control-allow-credentials': 'true',
        'access-control-expose-headers': 'Location, ETag, X-Request-Id, Retry-After',
      });
    },
  );

  it.each(['/api/v2/me', '/api/v2/nowhere'])('may read failures, too: %s', async (path) => {
    const { headers, status } = await ask(api.baseUrl, path, { headers: { origin: OURS } });
    expect(status).toBeGreaterThanOrEqual(400);
    expect(headers['access-control-allow-origin']).toBe(OURS);
  });

  it('may ask beforehand without a token', async () => {
    const { status, text, headers } = await preflight(OURS);
    expect([status, text]).toEqual([204, '']);
    expect(corsHeaders(headers)).toMatchObject({
      'access-control-allow-origin': OURS,
      'access-control-allow-credentials': 'true',
      'access-control-allow-headers': 'authorization,content-type',
    });
    const methods = String(headers['access-control-allow-methods']).split(', ');
    expect(methods).toEqual(expect.arrayContaining(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']));
    expect(Number(headers['access-control-max-age'])).toBeGreaterThan(0);
  });

  it.each(['/health/live', '/metrics', '/v3/api-docs', '/swagger-ui', '/nowhere'])(
    'may read nothing outside of /api/v2: %s',
    async (path) => {
      const answer = await ask(api.baseUrl, path, { headers: { origin: OURS } });
      expect(corsHeaders(answer.headers)).toEqual({});
      expect(corsHeaders((await preflight(OURS, path)).headers)).toEqual({});
    },
  );
});

describe('a page of any other origin', () => {
  it.each(FOREIGN)('is told nothing: %s', async (origin) => {
    const answer = await ask(api.baseUrl, '/api/v2/time', { headers: { origin } });
    expect(answer.status).toBe(200);
    expect(corsHeaders(answer.headers)).toEqual({});
  });

  it.each(FOREIGN)('may not ask beforehand: %s', async (origin) => {
    const { status, headers } = await preflight(origin);
    expect(status).toBe(405);
    expect(corsHeaders(headers)).toEqual({});
  });
});

describe('a cache in between', () => {
  it.each([OURS, 'https://evil.example', undefined])(
    'knows that the answer depends on the origin, %s or none',
    async (origin) => {
      const headers = origin === undefined ? {} : { origin };
      const answer = await ask(api.baseUrl, '/api/v2/time', { headers });
      expect(answer.headers['vary']).toMatch(/\bOrigin\b/);
    },
  );

  it('knows where it depends on more than that', async () => {
    const answer = await ask(api.baseUrl, '/api/v2/error-code', { headers: { origin: OURS } });
    expect(answer.headers['vary']?.split(', ').sort()).toEqual(['Accept', 'Origin']);
  });
});

describe('a caller that is no page', () => {
  it('gets no CORS headers', async () => {
    expect(corsHeaders((await ask(api.baseUrl, '/api/v2/time')).headers)).toEqual({});
  });
});

describe('without CORS_ORIGINS', () => {
  it('no origin is allowed', async () => {
    const closed = await startApi();
    for (const origin of [OURS, 'null', closed.baseUrl]) {
      const answer = await ask(closed.baseUrl, '/api/v2/time', { headers: { origin } });
      expect([answer.status, corsHeaders(answer.headers)]).toEqual([200, {}]);
    }
    await closed.stop();
  });
});
