import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { builtFile } from '../../scripts/lib/paths.mjs';
import { waitFor } from '../../scripts/lib/wait.mjs';
import { newDataFolder, npmStart, untilGone } from './npm-start';

describe('npm start', () => {
  const folder = newDataFolder();
  const secretFile = join(folder, 'development-secret');

  it('tells what to try next: Swagger UI, and lines for a shell that start a solo study', async () => {
    const start = await (await npmStart(folder)).untilItServes();
    const address = start.address.replace('127.0.0.1', 'localhost');
    const script = start.output().slice(start.output().indexOf('TOKEN='), start.output().indexOf('  Stop:'));

    expect(start.output()).toContain(`${address}/swagger-ui`);
    expect(JSON.parse(execFileSync('sh', ['-c', script], { encoding: 'utf8' }))).toMatchObject({
      studyId: expect.any(Number),
      participantId: expect.any(Number),
    });
    start.signal('SIGTERM');
    await start.end();
  });

  it('keeps the data and the secret for the next one, which builds nothing', async () => {
    const builtAt = statSync(builtFile('api')).mtimeMs;
    const first = await (await npmStart(folder)).untilItServes();
    const token = await logIn(first.address);
    const secret = readFileSync(secretFile, 'utf8');
    first.signal('SIGTERM');
    await first.end();

    const second = await (await npmStart(folder)).untilItServes();
    const answer = await fetch(`${second.address}/api/v2/me`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(answer.status).toBe(200);
    expect(readFileSync(secretFile, 'utf8')).toBe(secret);
    expect(second.output()).not.toContain('Building');
    expect(statSync(builtFile('api')).mtimeMs).toBe(builtAt);
    second.signal('SIGTERM');
    await second.end();
  });

  it('makes a secret of its own that production would refuse and that nobody else may read', () => {
    expect(readFileSync(secretFile, 'utf8').trim()).toMatch(/^development-[0-9a-f]{64}$/);
    expect(statSync(secretFile).mode & 0o777).toBe(0o600);
  });

  it.each([
    ['SIGTERM to npm', 'SIGTERM'],
    ['SIGINT to npm', 'SIGINT'],
    ['Ctrl-C in the terminal', 'Ctrl-C'],
  ] as const)('stops everything at %s, the database too, and ends with 0', async (_, way) => {
    const start = await (await npmStart(folder)).untilItServes();
    const { starter, api, database } = start.processes();

    if (way === 'Ctrl-C') start.pressCtrlC();
    else start.signal(way);

    expect(await start.end()).toEqual({ code: 0, signal: null });
    await untilGone([starter, api, database]);
    expect(existsSync(join(folder, 'mariadb/m.sock'))).toBe(false);
  });

  it('leaves nothing behind when it is stopped while it starts', async () => {
    const fresh = newDataFolder();
    const start = await npmStart(fresh);
    const isMakingDatabase = () => existsSync(join(fresh, 'mariadb'));
    await waitFor(isMakingDatabase, { timeoutMs: 20_000, what: 'the first file of the database' });
    start.signal('SIGTERM');

    expect((await start.end()).code).toBe(143);
    expect(start.output()).not.toContain('is up');
    for (const left of ['api.json', 'mariadb/mariadb.json', 'mariadb/m.sock']) {
      expect(existsSync(join(fresh, left))).toBe(false);
    }
  });
});

async function logIn(address: string): Promise<string> {
  const answer = await fetch(`${address}/api/v2/auth/guest`, { method: 'POST' });
  const { accessToken } = (await answer.json()) as { accessToken: string };
  return accessToken;
}
