import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { freePort } from '../../scripts/lib/ports.mjs';
import {
  launchApi,
  migratedDatabase,
  newFolder,
  startApiProcess,
  type ApiProcess,
  type ServingProcess,
  type Settings,
} from '../support/api-process';
import type { TestDatabase } from '../support/mariadb';
import { ask } from '../support/wire';

let database: TestDatabase;
beforeAll(async () => {
  database = await migratedDatabase();
});
afterAll(() => database.drop());

const started: ApiProcess[] = [];
const strangers: Server[] = [];
afterEach(async () => {
  for (const stranger of strangers.splice(0)) stranger.close();
  await Promise.all(started.splice(0).map((server) => server.kill9()));
});

/** What a server that does not start says before it ends with 1: last words, and all there is. */
async function refusalOf(settings: Settings): Promise<{ words: string; output: string }> {
  const server = launchApi({ DATABASE_URL: database.url, ...settings });
  started.push(server);
  expect(await server.end()).toEqual({ code: 1, signal: null });
  expect(server.logs().filter(({ msg }) => msg === 'listening')).toEqual([]);
  return { words: server.stderr(), output: server.stdout() + server.stderr() };
}

async function start(settings: Settings): Promise<ServingProcess> {
  const server = await startApiProcess({ DATABASE_URL: database.url, ...settings });
  started.push(server);
  return server;
}

async function stop(server: ApiProcess): Promise<void> {
  server.signal('SIGTERM');
  expect(await server.end()).toEqual({ code: 0, signal: null });
}

async function listenOn(where: { port: number; host: string } | { path: string }): Promise<Server> {
  const stranger = createServer();
  strangers.push(stranger);
  await new Promise<void>((resolve) => stranger.listen(where, resolve));
  return stranger;
}

describe('a server with wrong settings', () => {
  it('names every problem at once, ends with 1, and tells no value', async () => {
    const { words, output } = await refusalOf({
      PORT: '99999',
      LOG_LEVEL: 'loud',
      RELEASE: '-',
      COLOUR: 'purple',
      CORS_ORIGINS: 'https://haru.example/path',
      DRAIN_TIMEOUT_MS: 'long',
      JWT_SECRET: 'hunter2',
      DATABASE_URL: 'postgres://haru:hunter3@db.example/haru',
      REDIS_URL: 'http://:hunter4@redis.example',
    });
    expect(words).toMatch(/^The settings are wrong:\n/);
    const named = [...words.matchAll(/^ {2}- (\w+): /gm)].map(([, name]) => name);
    const all = ['PORT', 'LOG_LEVEL', 'RELEASE', 'COLOUR', 'CORS_ORIGINS', 'DRAIN_TIMEOUT_MS', 'JWT_SECRET'];
    expect(named.sort()).toEqual([...all, 'DATABASE_URL', 'REDIS_URL'].sort());
    expect(output).not.toMatch(/hunter|purple|loud|db\.example/);
    expect(output).not.toMatch(/\bat .*:\d+:\d+/);
  });

  it('needs a database and a secret', async () => {
    const { words } = await refusalOf({ DATABASE_URL: undefined, JWT_SECRET: undefined });
    expect(words).toBe('The settings are wrong:\n  - DATABASE_URL: is missing\n  - JWT_SECRET: is missing\n');
  });

  it('does not go into production with a secret that was made for development, or with a short one', async () => {
    const development = `development-${'s'.repeat(40)}`;
    const production = async (JWT_SECRET: string | undefined) =>
      (await refusalOf({ NODE_ENV: 'production', JWT_SECRET })).words;
    expect(await production(development)).toContain('a secret made for development is refused in production');
    expect(await production('too-short')).toContain('JWT_SECRET: must be at least 32 bytes long');
    expect(await production(undefined)).toContain('JWT_SECRET: is missing');
    const server = await start({ JWT_SECRET: development });
    await stop(server);
  });

  it('goes into production with a secret of its own', async () => {
    const server = await start({ NODE_ENV: 'production' });
    expect((await ask(server.address, '/health/ready')).status).toBe(200);
    await stop(server);
  });
});

describe('a server without its database', () => {
  it('ends with 1 and says so, without the password', async () => {
    const port = await freePort();
    const { words, output } = await refusalOf({
      DATABASE_URL: `mysql://haru:hunter2@127.0.0.1:${port}/haru`,
    });
    expect(words).toContain(`ECONNREFUSED 127.0.0.1:${port}`);
    expect(output).not.toContain('hunter2');
  });
});

describe('an address that is taken', () => {
  it('is named when it is a port, with the way out', async () => {
    const stranger = await listenOn({ port: 0, host: '127.0.0.1' });
    const { port } = stranger.address() as { port: number };
    expect((await refusalOf({ PORT: String(port) })).words).toBe(
      `127.0.0.1:${port} is taken by another process. End that one, or choose another port: PORT=${port + 1}\n`,
    );
  });

  it('is named when it is a socket, and the other one keeps it', async () => {
    const path = join(newFolder(), 'a.sock');
    const first = await start({ SOCKET_PATH: path, RELEASE: 'first' });
    expect((await refusalOf({ SOCKET_PATH: path })).words).toBe(
      `another process serves on ${path}. End that one, or choose another SOCKET_PATH.\n`,
    );
    expect((await ask(path, '/api/v2/time')).headers['x-release']).toBe('first');
    await stop(first);
  });

  it('is no address when it is a file that somebody needs', async () => {
    const path = join(newFolder(), 'precious.txt');
    writeFileSync(path, 'precious');
    expect((await refusalOf({ SOCKET_PATH: path })).words).toBe(
      `${path} is no socket. Choose another SOCKET_PATH.\n`,
    );
    expect(readFileSync(path, 'utf8')).toBe('precious');
  });

  it('is no address when its folder is not there', async () => {
    const path = join(newFolder(), 'nowhere', 'a.sock');
    expect((await refusalOf({ SOCKET_PATH: path })).words).toContain(path);
  });
});

describe('a unix socket', () => {
  it('that a killed server has left is taken over', async () => {
    const path = join(newFolder(), 'a.sock');
    const killed = await start({ SOCKET_PATH: path, RELEASE: 'killed' });
    await killed.kill9();
    expect(existsSync(path)).toBe(true);
    const next = await start({ SOCKET_PATH: path, RELEASE: 'next' });
    expect(next.address).toBe(path);
    expect((await ask(path, '/api/v2/time')).headers['x-release']).toBe('next');
    await stop(next);
    expect(existsSync(path)).toBe(false);
  });

  it('is open to the owner and the group from the first moment on, and to nobody else', async () => {
    const path = join(newFolder(), 'a.sock');
    const server = await start({ SOCKET_PATH: path });
    expect((statSync(path).mode & 0o777).toString(8)).toBe('770');
    await stop(server);
  });

  it('is served instead of the port', async () => {
    const port = await freePort();
    const path = join(newFolder(), 'a.sock');
    const server = await startApiProcess({
      DATABASE_URL: database.url,
      SOCKET_PATH: path,
      PORT: String(port),
    });
    await expect(ask(`http://127.0.0.1:${port}`, '/api/v2/time')).rejects.toThrow('ECONNREFUSED');
    await stop(server);
  });
});

describe('a server that is told where to listen', () => {
  it('listens on that address alone', async () => {
    const port = await freePort();
    const server = await start({ PORT: String(port) });
    expect(server.address).toBe(`http://127.0.0.1:${port}`);
    await expect(ask(`http://127.0.0.2:${port}`, '/api/v2/time')).rejects.toThrow('ECONNREFUSED');
    await stop(server);
  });
});
