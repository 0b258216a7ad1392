import { join } from 'node:path';
import { freePort } from '../../scripts/lib/ports.mjs';
import { waitFor } from '../../scripts/lib/wait.mjs';
import { NginxLab } from './support/nginx-lab';

const FILES = {
  'www/index.html': 'the web client',
  'admin/index.html': 'the admin client',
  'admin/assets/main-0a1b2c3d.js': 'export {}',
  'admin/logo.svg': '<svg/>',
  'storybook/index.html': 'the storybook',
  'storybook/iframe.html': 'a story',
  'develop/index.html': 'the client of develop',
};
const DEVELOP = 'develop.example';

describe('two sites with all their clients', () => {
  let lab: NginxLab;
  let scrapePort: number;
  beforeAll(async () => {
    lab = await NginxLab.open();
    scrapePort = await freePort();
    await lab.write(FILES);
    await lab.serve('production');
    await lab.serve('blue', 'run/blue.sock');
    await lab.serve('develop', 'run/develop.sock');
    const at = (name: string) => join(lab.dir, name);
    await lab.configure({
      serverName: 'haru.example',
      staticRoot: at('www'),
      adminRoot: at('admin'),
      storybookRoot: at('storybook'),
      scrapePort,
      develop: { serverName: DEVELOP, server: `unix:${at('run/develop.sock')}`, staticRoot: at('develop') },
      limits: { login: { perMinute: 1, burst: 3 }, codes: { perMinute: 1, burst: 1 } },
    });
  });
  afterAll(() => lab.close());

  it.each([
    ['/admin/', 'the admin client'],
    ['/admin/members/7', 'the admin client'],
    ['/administrators', 'the web client'],
    ['/storybook/', 'the storybook'],
    ['/storybook/?path=/story/a', 'the storybook'],
    ['/storybook/some/story', 'the storybook'],
    ['/storybook/iframe.html?id=a', 'a story'],
    ['/storybooks', 'the web client'],
    ['/apifoo', 'the web client'],
  ])('answers %s with %s', async (path, content) => {
    const { status, body, headers } = await lab.ask(path);
    expect({ status, body }).toEqual({ status: 200, body: content });
    expect(headers['cache-control']).toBe('no-cache');
    expect(headers['x-release']).toBeUndefined();
  });

  it.each([
    ['/admin', '/admin/'],
    ['/admin?a=1', '/admin/?a=1'],
    ['/storybook', '/storybook/'],
  ])('sends %s to %s, so that relative names of files are found', async (path, to) => {
    const { status, headers } = await lab.ask(path);
    expect({ status, to: headers.location }).toEqual({ status: 301, to });
  });

  it.each(['/admin/assets/gone-0a1b2c3d.js', '/admin/gone.png', '/storybook/gone.js', '/gone.js'])(
    'answers 404 for the missing file %s',
    async (path) => {
      expect((await lab.ask(path)).status).toBe(404);
    },
  );

  it('does not lead out of the folder of a client', async () => {
    const { status, body } = await lab.ask('/admin../deploy.yml');
    expect(status).toBe(404);
    expect(body).not.toContain('stateDir');
  });

  it('lets hashed files of the admin client be kept for ever, and no other', async () => {
    const cache = async (path: string) => (await lab.ask(path)).headers['cache-control'];
    expect(await cache('/admin/assets/main-0a1b2c3d.js')).toContain('immutable');
    expect(await cache('/admin/logo.svg')).toBe('no-cache');
  });

  it('sends what protects a page in a browser with every page', async () => {
    for (const path of ['/', '/admin/', '/storybook/', '/admin/logo.svg']) {
      expect((await lab.ask(path)).headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'SAMEORIGIN',
        'referrer-policy': 'strict-origin-when-cross-origin',
        'content-security-policy': expect.stringContaining("frame-ancestors 'self'") as string,
        server: 'nginx',
      });
    }
    expect((await lab.ask('/')).headers).not.toHaveProperty('strict-transport-security');
  });

  it('keeps develop apart: its own app, its own client, no storybook, no search engine', async () => {
    const host = DEVELOP;
    expect(await lab.served('/api/v2/time', { host })).toBe('develop');
    expect(await lab.served('/health/ready', { host })).toBe('develop');
    expect(await lab.served('/api/v2/time', { host: 'haru.example' })).toBe('production');
    expect((await lab.ask('/storybook/', { host })).body).toBe('the client of develop');
    expect((await lab.ask('/', { host })).headers['x-robots-tag']).toBe('noindex');
    expect((await lab.ask('/', { host: 'haru.example' })).headers).not.toHaveProperty('x-robots-tag');
  });

  it('answers unknown names with the first site', async () => {
    expect(await lab.served('/api/v2/time', { host: 'unknown.example' })).toBe('production');
  });

  it.each([
    ['/blue/metrics', '/metrics'],
    ['/blue/health/ready', '/health/ready'],
  ])('hands %s to the blue colour for this machine alone', async (path, to) => {
    const answer = await lab.ask(path, { port: scrapePort });
    expect(answer.headers['x-release']).toBe('blue');
    expect(JSON.parse(answer.body)).toMatchObject({ path: to });
    expect(await lab.served(path)).toBe('200');
  });

  it('says that a colour is down when it does not run', async () => {
    expect((await lab.ask('/green/metrics', { port: scrapePort })).status).toBe(502);
  });

  it('shows the state of nginx, and nothing else of the service, to this machine', async () => {
    const { body } = await lab.ask('/nginx/status', { port: scrapePort });
    expect(body).toContain('Active connections');
    expect((await lab.ask('/blue/api/v2/time', { port: scrapePort })).status).toBe(404);
    expect((await lab.ask('/nginx/status')).body).toBe('the web client');
  });

  it('refuses a flood of logins and of codes by address, and never a poll', async () => {
    const [method, from] = ['POST', '127.0.0.7'];
    const login = () => lab.served('/api/v2/auth/guest', { method, from });
    const code = () => lab.served('/api/v2/participant-codes?participantCode=ABC123', { from });
    const five = [await login(), await login(), await login(), await login(), await login()];
    expect(five).toEqual([...Array<string>(4).fill('production'), '429']);
    expect([await code(), await code(), await code()]).toEqual(['production', 'production', '429']);
    for (const path of ['/api/v2/progress?studyId=1', '/api/v2/waiting?studyId=1', '/api/v2/auth/refresh']) {
      const answers = await Promise.all(Array.from({ length: 20 }, () => lab.served(path, { from })));
      expect(new Set(answers)).toEqual(new Set(['production']));
    }
    const other = await lab.served('/api/v2/auth/guest', { method, from: '127.0.0.8' });
    expect(other).toBe('production');
  });

  it('says how long to wait, in the error shape of the API', async () => {
    const asking = { method: 'POST', from: '127.0.0.9' };
    for (let call = 0; call < 4; call += 1) await lab.ask('/api/admin/login', asking);
    const { status, headers, body } = await lab.ask('/api/v2/auth/login', asking);
    expect({ status, wait: headers['retry-after'] }).toEqual({ status: 429, wait: '60' });
    expect(JSON.parse(body)).toMatchObject({ code: 1429, status: 429 });
  });

  it('logs develop apart: the watch after a switch reads the requests of production alone', async () => {
    await lab.ask('/api/v2/of-develop', { host: DEVELOP });
    await lab.ask('/api/v2/of-production');
    const read = async () => {
      const text = await lab.read('nginx/access.log');
      return text.includes('/of-production') && text;
    };
    const log = await waitFor(read, { timeoutMs: 5_000, what: 'the access log' });
    expect(log).not.toContain('/of-develop');
    expect(await lab.read('nginx/access-develop.log')).toContain('/of-develop');
  });

  it('keeps no key of a calendar feed in its log', async () => {
    await lab.ask('/api/v2/calendar-feeds/the-key-of-somebody.ics');
    await lab.ask('/api/v2/after-the-feed');
    const read = async () => {
      const text = await lab.read('nginx/access.log');
      return text.includes('/after-the-feed') && text;
    };
    const log = await waitFor(read, { timeoutMs: 5_000, what: 'the access log' });
    expect(log).toContain('"path":"/api/v2/calendar-feeds/-"');
    expect(log).not.toContain('the-key-of-somebody');
  });
});
