import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { freePort } from '../../scripts/lib/ports.mjs';
import { ForeignNginx } from './support/foreign-nginx';
import { startFreshLoad } from './support/fresh-load';
import { Lab } from './support/lab';

/** Without a pid file the whole of it is waited. */
const SHORT_DRAIN = { minMs: 100, timeoutMs: 400, intervalMs: 10 };
const ports = async () => ({ blue: await freePort(), green: await freePort() });
const reload = async () => ({ switch: { strategy: 'reload', ports: await ports() } });

/** A process that ends at any signal, and is no nginx. */
function aStranger(): ChildProcess {
  return spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)'], { stdio: 'ignore' });
}

async function end(stranger: ChildProcess): Promise<void> {
  const ended = once(stranger, 'exit');
  stranger.kill('SIGKILL');
  await ended;
}

describe('a reload of somebody else\u2019s nginx', () => {
  let lab: Lab;
  let nginx: ForeignNginx;
  let switching: Readonly<Record<string, unknown>>;
  const configure = (changes?: Readonly<Record<string, unknown>>) =>
    lab.configure({
      ...switching,
      drain: SHORT_DRAIN,
      nginx: { port: lab.port, ...nginx.settings(changes) },
    });
  const status = async () => (await lab.run(['status'])).out;

  beforeAll(async () => {
    lab = await Lab.open();
    nginx = await ForeignNginx.open(join(lab.dir, 'theirs'), lab.port);
    switching = await reload();
    nginx.start();
    await configure();
    await lab.deploy('r1');
  });
  afterAll(async () => {
    await nginx.stop();
    await lab.close();
  });
  beforeEach(async () => {
    await nginx.writeOther('# nothing yet\n');
    await configure();
  });

  /** Deploys while people come. @returns how it ended, when the release before goes on and nothing was lost */
  async function refused(): Promise<string> {
    const serving = await lab.served();
    const before = await readFile(nginx.include, 'utf8');
    const load = startFreshLoad(lab.origin);
    const { code, err } = await lab.run(['deploy', 'bad']);
    expect([(await load.stop()).failures, err, code]).toEqual([[], err, 5]);
    expect(err).toContain(`(${serving}) serves as before`);
    expect(await readFile(nginx.include, 'utf8')).toBe(before);
    expect(await lab.served()).toBe(serving);
    expect(await status()).not.toMatch(/drift|unfinished/);
    return err;
  }

  it('moves the traffic, by its processes or by answers alone, and says which', async () => {
    const steps = async (release: string) =>
      JSON.stringify(await lab.json<Readonly<{ steps: unknown }>>(['deploy', release]));
    const load = startFreshLoad(lab.origin);
    expect(await steps('r2')).toContain('taken over in');
    await configure({ pidFile: null });
    expect(await steps('r3')).toContain('nginx.pidFile is not set');
    expect((await load.stop()).failures).toEqual([]);
    expect(await lab.served()).toBe('r3');
    expect((await lab.run(['doctor'])).out).toMatch(/note +workers +nginx.pidFile is not set/);
  });

  it.each([
    ['by the check', () => ({ checkCommand: nginx.command('-t') })],
    ['by the reload itself', () => ({})],
  ])('names the file of another site that nginx refuses, %s, and changes nothing', async (_, changes) => {
    await configure(changes());
    await nginx.writeOther('no_such_directive on;\n');
    const err = await refused();
    expect(err).toContain('unknown directive "no_such_directive"');
    expect(err).toContain("sites/other.conf is not this site's");
  });

  it.each([
    ['with its processes watched', {}],
    ['by answers alone', { pidFile: null }],
  ])('is found out when it answers 0 and the master refuses (a changed zone key), %s', async (_, changes) => {
    const zone = (key: string) => nginx.writeOther(`limit_req_zone $${key} zone=z:1m rate=1r/s;\n`);
    await zone('remote_addr');
    await nginx.reload();
    await zone('request_uri');
    await configure({ checkCommand: nginx.command('-t'), ...changes });
    expect(await refused()).toMatch(/\| .*\[emerg\].*limit_req "z" uses the "\$request_uri" key/);
    await zone('remote_addr');
  });

  it('is found out when another site wants a port that is taken', async () => {
    const stranger = createServer().listen(0, '127.0.0.1');
    await once(stranger, 'listening');
    const { port } = stranger.address() as { port: number };
    await nginx.writeOther(`server { listen 127.0.0.1:${port}; }\n`);
    expect(await refused()).toContain('still could not bind()');
    stranger.close();
  });

  it('is not asked of a process that has the number of an old pid file', async () => {
    const pid = await readFile(nginx.pidFile, 'utf8');
    const stranger = aStranger();
    await writeFile(nginx.pidFile, `${stranger.pid}\n`);
    expect(await refused()).toContain(`names process ${stranger.pid}, which is no nginx`);
    expect((await lab.run(['doctor'])).err).toMatch(/problem +workers .*which is no nginx/);
    expect([stranger.exitCode, stranger.signalCode]).toEqual([null, null]);
    await end(stranger);
    await writeFile(nginx.pidFile, pid);
  });

  it.each([
    ['its processes are watched', {}],
    ['it is known by its answers', { pidFile: null }],
  ])('is refused where nginx does not run, and that is named: %s', async (_, changes) => {
    await configure(changes);
    const serving = await lab.served();
    await nginx.stop();
    const before = await readFile(nginx.include, 'utf8');
    const { code, err } = await lab.run(['deploy', 'bad']);
    expect(code).toBe(5);
    expect(err).toMatch(/nginx does not run|nginx.reloadCommand .* failed/);
    expect(await readFile(nginx.include, 'utf8')).toBe(before);
    nginx.start();
    expect(await lab.served()).toBe(serving);
    expect(await status()).not.toMatch(/drift|unfinished/);
  });
});

describe('a private nginx', () => {
  let lab: Lab;
  let settings: Readonly<Record<string, unknown>>;
  beforeAll(async () => {
    settings = await reload();
    lab = await Lab.open(settings);
    await lab.deploy('r1');
  });
  afterAll(() => lab.close());
  const pidFile = () => join(lab.dir, 'nginx/nginx.pid');

  it('that has died is started again, and no stranger gets a signal who has its number now', async () => {
    const master = Number(await readFile(pidFile(), 'utf8'));
    const workers = await readFile(`/proc/${master}/task/${master}/children`, 'utf8');
    lab.kill(master, ...workers.trim().split(' ').map(Number));
    const stranger = aStranger();
    await writeFile(pidFile(), `${stranger.pid}\n`);
    await lab.deploy('r2');
    expect(await lab.served()).toBe('r2');
    expect([stranger.exitCode, stranger.signalCode]).toEqual([null, null]);
    await end(stranger);
  });

  it('is found again when its pid file is lost', async () => {
    await rm(pidFile());
    await lab.deploy('r3');
    expect(await lab.served()).toBe('r3');
  });

  it.each(['reload', 'socket'])(
    'that somebody else reloads all the time does not confuse a deploy, nor lose a newcomer: %s',
    async (strategy) => {
      const other = strategy === 'reload' ? lab : await Lab.open();
      if (strategy === 'socket') await other.deploy('r1');
      const master = masterOf(other.dir);
      const load = startFreshLoad(other.origin);
      const reloads = setInterval(() => process.kill(master, 'SIGHUP'), 300);
      const ended = await other.run(['deploy', 'r4']).finally(() => clearInterval(reloads));
      expect([(await load.stop()).failures, ended.err, ended.code]).toEqual([[], '', 0]);
      expect(await other.served()).toBe('r4');
      expect((await other.run(['status'])).out).not.toMatch(/drift|unfinished/);
      if (strategy === 'socket') await other.close();
    },
  );
});

/** By its title: the pid file was lost. @throws when there is none, since 0 would be this test run itself */
function masterOf(dir: string): number {
  const found = execFileSync('pgrep', ['-f', `nginx: master process .*${dir}/nginx `], { encoding: 'utf8' });
  const [pid = ''] = found.trim().split('\n');
  if (!/^[1-9]\d*$/.test(pid)) throw new Error('there is no such nginx');
  return Number(pid);
}
