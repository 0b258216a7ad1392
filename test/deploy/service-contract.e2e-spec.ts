import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { statSync } from 'node:fs';
import { Agent, type RequestOptions } from 'node:http';
import { join } from 'node:path';
import { freePort } from '../../scripts/lib/ports.mjs';
import { ROOT } from '../../scripts/lib/paths.mjs';
import { waitFor } from '../../scripts/lib/wait.mjs';
import { killAtTheEnd, launchApi, migratedDatabase, newFolder } from '../support/api-process';
import type { TestDatabase } from '../support/mariadb';
import { ask } from '../support/wire';

/** The points of docs/service-contract.md, asked of every service of this repository. */
type Service = Readonly<{
  pid: number;
  /** an address, or a socket's path */
  where: string;
  signal: (name: NodeJS.Signals) => void;
  /** @returns the exit code */
  end: () => Promise<number | null>;
}>;
type Address = 'a socket' | 'a port';
type Place = Readonly<{ env: Readonly<Record<string, string>>; where: string }>;

const IDENTITY = { RELEASE: 'r7', COLOUR: 'green' };
let database: TestDatabase;
beforeAll(async () => {
  database = await migratedDatabase();
});
afterAll(() => database.drop());

async function placeOf(address: Address): Promise<Place> {
  const where = join(newFolder(), 's.sock');
  if (address === 'a socket') return { env: { SOCKET_PATH: where }, where };
  const port = await freePort();
  return { env: { HOST: '127.0.0.1', PORT: String(port) }, where: `http://127.0.0.1:${port}` };
}

function startFixture({ env, where }: Place): Service {
  const entry = join(ROOT, 'test/support/deploy-fixture/service.mjs');
  const { PATH } = process.env;
  const child = spawn(process.execPath, [entry], { env: { PATH, ...IDENTITY, ...env }, stdio: 'ignore' });
  const ended = once(child, 'exit').then(([code]) => code as number | null);
  killAtTheEnd(child.pid ?? 0);
  return { pid: child.pid ?? 0, where, signal: (name) => void child.kill(name), end: () => ended };
}

function startApi({ env, where }: Place): Service {
  const api = launchApi({ DATABASE_URL: database.url, ...IDENTITY, ...env });
  return {
    pid: api.pid,
    where,
    signal: (name) => api.signal(name),
    end: async () => (await api.end()).code,
  };
}

const SERVICES = { 'the fixture': startFixture, 'the API': startApi } as const;
const ALL = (Object.keys(SERVICES) as (keyof typeof SERVICES)[]).flatMap((name) =>
  (['a socket', 'a port'] as const).map((address) => ({ name, address })),
);

describe.each(ALL)('$name on $address', ({ name, address }) => {
  let service: Service;
  const get = (path: string, options: RequestOptions = {}) => ask(service.where, path, options);
  const post = (body: unknown, headers: Readonly<Record<string, string>> = {}) =>
    ask(service.where, '/drain', {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  const isReady = () =>
    get('/health/ready').then(
      ({ status }) => status === 200,
      () => false,
    );

  beforeAll(async () => {
    service = SERVICES[name](await placeOf(address));
    await waitFor(isReady, { timeoutMs: 30_000, what: `${name} to be ready` });
  });
  afterAll(() => service.signal('SIGKILL'));

  it('says that it lives, which process it is, and what is under way on it', async () => {
    const { status, text } = await get('/health/live');
    expect(status).toBe(200);
    expect(JSON.parse(text)).toMatchObject({
      release: 'r7',
      colour: 'green',
      pid: service.pid,
      startedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) as string,
      inFlight: 0,
      sockets: 0,
    });
  });

  it('says that it is ready, which process it is, and each part that it needs', async () => {
    const { status, text } = await get('/health/ready');
    expect(status).toBe(200);
    const ready = JSON.parse(text) as { checks: Record<string, { ok: boolean }> };
    expect(ready).toMatchObject({ release: 'r7', colour: 'green', pid: service.pid });
    expect(Object.values(ready.checks).length).toBeGreaterThan(0);
    expect(Object.values(ready.checks).every(({ ok }) => ok)).toBe(true);
  });

  it.each(['/health/live', '/health/ready', '/api/v2/time', '/api/v2/nothing-here'])(
    'marks its answer on %s with its release',
    async (path) => expect((await get(path)).headers['x-release']).toBe('r7'),
  );

  it('lets its websockets go when it is asked to, and serves on', async () => {
    const { status, text, headers } = await post({ ratePerS: 100, deadlineMs: 1_000 });
    expect([status, JSON.parse(text)]).toEqual([202, { inFlight: 0, sockets: 0 }]);
    expect(headers['x-release']).toBe('r7');
    expect(await isReady()).toBe(true);
  });

  it.each([{}, { ratePerS: 0, deadlineMs: 0 }, { ratePerS: 1, deadlineMs: -1 }, { ratePerS: 'fast' }])(
    'refuses to drain at %j',
    async (wish) => expect((await post(wish)).status).toBe(400),
  );

  it('has no such thing for those whose request comes through a proxy', async () => {
    const forwarded = { 'x-forwarded-for': '127.0.0.1' };
    expect((await post({ ratePerS: 1, deadlineMs: 0 }, forwarded)).status).toBe(404);
  });

  if (address === 'a socket') {
    it('lets the group of its folder, nginx, connect: the socket was made with umask 007', () => {
      expect(statSync(service.where).mode & 0o777).toBe(0o770);
    });
  }

  it('ends with 0 at SIGTERM although a client keeps its connection', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    expect((await get('/api/v2/time', { agent })).status).toBe(200);
    service.signal('SIGTERM');
    expect(await service.end()).toBe(0);
    agent.destroy();
  });
});
