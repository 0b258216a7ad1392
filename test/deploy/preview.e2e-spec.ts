import { request } from 'node:http';
import { readdir, rm, stat } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { waitFor } from '../../scripts/lib/wait.mjs';
import { Lab } from './support/lab';

type Shown = Readonly<{ token: string; address: string; percent: number; to: Readonly<{ release: string }> }>;

const PREVIEW = { preview: { stableCookie: 'person' } };

let lab: Lab;
beforeAll(async () => {
  lab = await Lab.open({ nginx: PREVIEW });
  await lab.deploy('r1');
});
afterAll(() => lab.close());

/** @returns the release that answers somebody with these headers */
async function metBy(headers: Readonly<Record<string, string>>, method = 'GET'): Promise<string | null> {
  return (await lab.ask('/api/v2/echo', { method, headers })).headers.get('x-release');
}

const people = Array.from({ length: 400 }, (_, index) => `person=p${index}`);

/** @returns the people, by cookie, who meet a release */
async function whoMeets(release: string): Promise<readonly string[]> {
  const met = await Promise.all(people.map((cookie) => metBy({ cookie })));
  return people.filter((_, index) => met[index] === release);
}

describe('a release that waits on the idle colour', () => {
  let shown: Shown;

  it('is shown to whoever has a token, in a header or a cookie, and to nobody else', async () => {
    shown = await lab.json<Shown>(['preview', 'r2']);
    expect(shown).toMatchObject({ to: { release: 'r2' }, percent: 0 });
    expect(await lab.served()).toBe('r1');
    expect(await metBy({ 'x-preview': shown.token })).toBe('r2');
    expect(await metBy({ 'x-preview': shown.token }, 'POST')).toBe('r2');
    expect(await metBy({ cookie: `haru_preview=${shown.token}` })).toBe('r2');
    expect((await lab.run(['status'])).out).toMatch(/preview +green, by token/);
  });

  it('is signed by a secret that no other account reads, neither in its own file nor in those of nginx', async () => {
    const names = (await readdir(join(lab.dir, 'nginx'))).filter((name) => name.startsWith('nginx.conf'));
    const files = [join(lab.dir, 'preview-secret'), ...names.map((name) => join(lab.dir, 'nginx', name))];
    expect(files.length).toBeGreaterThan(2);
    const modes = await Promise.all(files.map(async (path) => (await stat(path)).mode & 0o077));
    expect(new Set(modes)).toEqual(new Set([0]));
  });

  it('is not shown to one who makes a token up, changes one, or comes too late', async () => {
    const [expires = '', signature = ''] = shown.token.split('.');
    const later = `${Number(expires) + 1}.${signature}`;
    const other = `${expires}.${[...signature].reverse().join('')}`;
    for (const token of [
      later,
      other,
      `${expires}.`,
      '',
      '0000000001.aaaaaaaaaaaaaaaaaaaaaa',
      'x'.repeat(4_000),
    ]) {
      expect(await metBy({ 'x-preview': token })).toBe('r1');
    }
  });

  it('is opened in a browser by an address, and left by another', async () => {
    const address = new URL(shown.address).pathname;
    const { status, headers } = await lab.ask(address, { redirect: 'manual' });
    expect([status, headers.get('location')]).toEqual([302, '/']);
    expect(headers.get('set-cookie')).toBe(
      `haru_preview=${shown.token}; Max-Age=43200; Path=/; HttpOnly; SameSite=Lax`,
    );
    const end = await lab.ask('/preview/end', { redirect: 'manual' });
    expect(end.headers.get('set-cookie')).toContain('haru_preview=; Max-Age=0');
  });

  it('is met by a share of people, always the same ones, and by more of them when that grows', async () => {
    expect(await whoMeets('r2')).toEqual([]);
    await lab.json(['preview', '--percent', '20']);
    const some = await whoMeets('r2');
    // 80 of 400 on average; within four standard deviations.
    expect(some.length).toBeGreaterThan(48);
    expect(some.length).toBeLessThan(112);
    expect(await whoMeets('r2')).toEqual(some);
    await lab.json(['preview', '--percent', '40']);
    expect(await whoMeets('r2')).toEqual(expect.arrayContaining([...some]));
    await lab.json(['preview', '--percent', '0']);
    expect(await whoMeets('r2')).toEqual([]);
    expect((await lab.run(['preview', '--percent', '51'])).code).toBe(2);
  });

  it('goes live without another start, and without losing a request of those who saw it before', async () => {
    await lab.json(['preview', '--percent', '30']);
    const before = (await lab.processes()).green;
    const load = lab.load(6);
    await lab.deploy('r2');
    expect((await load.stop()).failures).toEqual([]);
    expect((await lab.processes()).green).toBe(before);
    expect(await whoMeets('r2')).toHaveLength(people.length);
    expect((await lab.run(['status'])).out).not.toContain('preview');
    expect((await lab.history()).map(({ intent, outcome }) => [intent, outcome])).toEqual([
      ['deploy', 'done'],
      ['preview', 'done'],
      ['deploy', 'done'],
    ]);
  });

  it('ends without a lost request: people meet the live release again', async () => {
    await lab.json(['preview', 'r3', '--percent', '50']);
    const load = lab.load(6);
    const slow = slowOf('r3');
    expect((await lab.run(['preview', '--end'])).code).toBe(0);
    expect(await slow).toBe('r3');
    expect((await load.stop()).failures).toEqual([]);
    expect(await whoMeets('r3')).toEqual([]);
    expect((await lab.processes()).blue).toBeNull();
    expect((await lab.run(['preview'])).code).toBe(2);
  });

  it('gives way to the live one for those who saw it when it dies', async () => {
    const { token } = await lab.json<Shown>(['preview', 'r4']);
    lab.kill((await lab.processes()).blue);
    // The kernel takes connections for a dead process until it gets round to closing its socket.
    await waitFor(() => isRefused(join(lab.dir, 'run/preview.sock')), { timeoutMs: 5_000, what: 'its end' });
    expect(await metBy({ 'x-preview': token }, 'POST')).toBe('r2');
  });

  it('is cleared away when the deployer was killed while it brought it up', async () => {
    await lab.run(['preview', 'r5', '--fault', 'after:preview:kill9']);
    expect((await lab.run(['status'])).out).toContain('unfinished');
    await lab.deploy('r6');
    expect(await whoMeets('r6')).toHaveLength(people.length);
    expect((await lab.run(['status'])).out).not.toMatch(/preview|unfinished|drift/);
  });

  it('needs a setting, without which the site knows nothing of it', async () => {
    await rm(join(lab.dir, 'preview-secret'));
    await lab.configure({});
    const { code, err } = await lab.run(['preview', 'r7']);
    expect([code, err]).toEqual([2, expect.stringContaining('preview: {}')]);
  });
});

function isRefused(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path, () => resolve(false));
    socket.on('error', () => resolve(true)).on('connect', () => socket.destroy());
  });
}

/** A long request of somebody who is shown a release: it is asked for until that release has it. */
async function slowOf(release: string): Promise<string | null> {
  for (const cookie of people) {
    if ((await metBy({ cookie })) !== release) continue;
    return new Promise((resolve, reject) => {
      const options = { port: lab.port, host: '127.0.0.1', path: '/api/v2/slow?ms=800', headers: { cookie } };
      request(options, (answer) => {
        answer.resume();
        resolve(String(answer.headers['x-release']));
      })
        .on('error', reject)
        .end();
    });
  }
  return null;
}
