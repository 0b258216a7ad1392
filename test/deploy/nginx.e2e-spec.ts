import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { request, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { NGINX_PROBLEMS } from '../../apps/deploy/src/core/nginx-problems';
import {
  BodyTooLarge,
  HeadersTooLarge,
  MalformedRequest,
  ServiceUnavailable,
} from '../../apps/api/src/http/http.errors';
import { toProblem } from '../../apps/api/src/http/problem';
import { TooManyRequests } from '../../apps/api/src/throttling/throttling.errors';
import { waitFor } from '../../scripts/lib/wait.mjs';
import { Lab } from './support/lab';

type Echo = Readonly<{ path: string; headers: Readonly<Record<string, string>> }>;

describe('the site that nginx serves', () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await Lab.open();
    const www = join(lab.dir, 'www');
    const files = {
      'index.html': '<title>하루스터디</title>',
      'assets/main.3f2a1b9c.js': 'export {}',
      'assets/logo.svg': '<svg/>',
      'favicon.ico': 'icon',
    };
    for (const [name, content] of Object.entries(files)) {
      await mkdir(dirname(join(www, name)), { recursive: true });
      await writeFile(join(www, name), content);
    }
    await lab.configure({ nginx: { staticRoot: www, maxBodyKiB: 8 } });
    await lab.deploy('r1');
  });
  afterAll(() => lab.close());

  const echo = async (path: string, headers = {}): Promise<Echo> =>
    (await (await lab.ask(path, { headers })).json()) as Echo;

  it.each([
    '/api',
    '/api/v2/anything',
    '/api/v2/report.json',
    '/swagger-ui',
    '/swagger-ui/index.html',
    '/swagger-ui/swagger-ui-bundle.0a1b2c3d.js',
    '/v3/api-docs',
    '/v3/api-docs.yaml',
    '/health/other',
  ])('hands %s to the app', async (path) => {
    const answer = await lab.ask(path);
    expect(answer.headers.get('x-release')).toBe('r1');
    expect(((await answer.json()) as Echo).path).toBe(path);
  });

  it.each(['/', '/apifoo', '/progress/7', '/member-record/list', '/swagger-uifoo', '/healthy'])(
    'answers %s with the web client, which no cache may keep unasked',
    async (path) => {
      const answer = await lab.ask(path);
      expect(answer.status).toBe(200);
      expect(await answer.text()).toContain('하루스터디');
      expect(answer.headers.get('x-release')).toBeNull();
      expect(answer.headers.get('cache-control')).toBe('no-cache');
      expect(answer.headers.get('content-type')).toContain('text/html');
    },
  );

  it.each(['/assets/gone.0a1b2c3d.js', '/gone.png', '/assets/gone.css'])(
    'answers 404 for the missing file %s, not the page',
    async (path) => {
      expect((await lab.ask(path)).status).toBe(404);
    },
  );

  it('lets a file with a hash in its name be kept for ever, and no other', async () => {
    const cache = async (path: string) => (await lab.ask(path)).headers.get('cache-control');
    expect(await cache('/assets/main.3f2a1b9c.js')).toContain('immutable');
    expect(await cache('/assets/logo.svg')).toBe('no-cache');
    expect(await cache('/favicon.ico')).toBe('no-cache');
  });

  it('serves scripts as what they are, and says nothing about its version', async () => {
    const answer = await lab.ask('/assets/main.3f2a1b9c.js');
    expect(answer.headers.get('content-type')).toContain('text/javascript');
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(answer.headers.get('server')).toBe('nginx');
  });

  it.each(['/metrics', '/metrics/'])('does not show %s to the public', async (path) => {
    const answer = await lab.ask(path);
    expect(answer.status).toBe(404);
    expect(answer.headers.get('x-release')).toBeNull();
  });

  it('shows the metrics to this machine on the inner socket', async () => {
    const body = await new Promise<string>((resolve, reject) => {
      const options = { socketPath: join(lab.dir, 'run/nginx.sock'), path: '/metrics' };
      request(options, (answer) => void text(answer).then(resolve, reject))
        .on('error', reject)
        .end();
    });
    expect(body).toContain('fixture_up 1');
  });

  it('tells the app who really asks, whatever a client writes about itself', async () => {
    const { headers } = await echo('/api/v2/who', {
      'x-forwarded-for': '203.0.113.9, 10.0.0.1',
      'x-forwarded-proto': 'https',
      'x-forwarded-host': 'evil.example',
      'x-real-ip': '203.0.113.9',
      forwarded: 'for=203.0.113.9',
      'x-request-id': 'forged-request-id',
    });
    expect(headers).toMatchObject({
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-proto': 'http',
      'x-forwarded-host': `127.0.0.1:${lab.port}`,
    });
    expect(headers['x-request-id']).toMatch(/^[0-9a-f]{32}$/);
    expect(headers).not.toHaveProperty('forwarded');
    expect(headers).not.toHaveProperty('x-real-ip');
  });

  it('hands on an upgrade, and closes every other connection to the app', async () => {
    const upgrade = { connection: 'Upgrade', upgrade: 'websocket' };
    const seen = await new Promise<Echo>((resolve, reject) => {
      const read = (answer: IncomingMessage) =>
        void text(answer).then((body) => resolve(JSON.parse(body) as Echo), reject);
      request(`${lab.origin}/api/socket`, { headers: upgrade }, read).on('error', reject).end();
    });
    expect(seen.headers).toMatchObject({ connection: 'upgrade', upgrade: 'websocket' });
    expect((await echo('/api/v2/plain')).headers['connection']).toBe('close');
  });

  it('refuses a body that is too large in the error shape of the API', async () => {
    const answer = await lab.ask('/api/v2/echo', { method: 'POST', body: 'x'.repeat(9_000) });
    expect(answer.status).toBe(413);
    expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(await answer.json()).toMatchObject({ code: 1604, status: 413 });
  });

  it('answers garbage and oversized headers in the same shape', async () => {
    const answer = await lab.ask('/api/v2/x', { headers: { 'x-long': 'x'.repeat(40_000) } });
    expect(answer.status).toBe(431);
    expect(await answer.json()).toMatchObject({ code: 1606 });
    const socket = connect(lab.port, '127.0.0.1');
    socket.end('GET /api/v2/x HTTP/1.1\r\n\r\n');
    expect(await text(socket)).toContain('"code":1607');
  });

  it('writes one JSON line for each request, with the id and the release', async () => {
    const answer = await lab.ask('/api/v2/logged?secret=1');
    expect(answer.status).toBe(200);
    const find = async () => {
      const lines = (await readFile(join(lab.dir, 'nginx/access.log'), 'utf8')).trimEnd().split('\n');
      return lines
        .map((line) => JSON.parse(line) as Record<string, unknown>)
        .find(({ path }) => path === '/api/v2/logged');
    };
    const line = await waitFor(find, { timeoutMs: 5_000, what: 'the access log' });
    expect(line).toMatchObject({ method: 'GET', status: 200, release: 'r1', upstreamStatus: '200' });
    expect(line['requestId']).toMatch(/^[0-9a-f]{32}$/);
    expect(JSON.stringify(line)).not.toContain('secret');
  });

  it('takes a changed setting into use with the next deploy, without losing a request', async () => {
    const load = lab.load(4);
    await lab.configure({ nginx: { serverName: 'haru.example' } });
    expect((await lab.run(['status'])).out).toContain('running with another configuration');
    await lab.deploy('r2');
    // A reload closes idle connections of clients (nginx before 1.27.4): that is its own doing, not the switch's.
    const { failures } = await load.stop();
    expect(failures.filter((line) => !line.includes('ECONNRESET') && !line.includes('hang up'))).toEqual([]);
    expect((await lab.run(['status'])).out).toContain('nginx     running');
  });

  it('says in the error shape of the API when nobody serves', async () => {
    await lab.killLive();
    const answer = await waitFor(
      async () => {
        const tried = await lab.ask('/api/v2/time');
        return tried.status !== 200 && tried;
      },
      { timeoutMs: 5_000, what: 'the killed process to be gone' },
    );
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBe('1');
    expect(await answer.json()).toMatchObject({ code: 1691, title: 'Service unavailable' });
    expect((await lab.ask('/')).status).toBe(200);
  });
});

it('answers for itself with the codes and the words of the API', () => {
  const known = [
    new MalformedRequest(),
    new BodyTooLarge(),
    new HeadersTooLarge(),
    new ServiceUnavailable(),
    new ServiceUnavailable(),
    new TooManyRequests(),
  ];
  const ofApi = known.map((error) => {
    const { title, status, code, message } = toProblem(error);
    return { title, status, code, message };
  });
  expect(
    NGINX_PROBLEMS.map(({ title, status, code, message }) => ({ title, status, code, message })),
  ).toEqual(ofApi);
});
