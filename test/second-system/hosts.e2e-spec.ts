import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT, builtFile } from '../../scripts/lib/paths.mjs';
import { waitFor } from '../../scripts/lib/wait.mjs';
import { NspawnLab } from '../deploy/support/nspawn-lab';
import type { System } from '../deploy/support/nspawn-system';
import { output, start, type Ended, type Program } from '../deploy/support/programs';

const NAMES = ['one', 'two', 'three'] as const;
const PORT = 8080;
const UNITS_PORT = 8081;
type Changes = Readonly<{ hosts?: object; [section: string]: unknown }>;
/** What a busy machine needs for a step; nothing takes so long. */
const PATIENT = { timeoutMs: 60_000 };

/** Three booted machines with sshd and nginx, and one that coordinates, in networks of their own. */
describe('three machines', () => {
  let lab: NspawnLab;
  let systems: System[];
  let dir: string;

  beforeAll(async () => {
    lab = await NspawnLab.open();
    dir = await mkdtemp(join(process.env['HARU_TEST_FOLDER'] ?? tmpdir(), 'h-'));
    await output(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', join(dir, 'key')]);
    systems = [];
    for (const name of NAMES) systems.push(await lab.boot(name));
    const key = await readFile(join(dir, 'key.pub'), 'utf8');
    for (const system of systems) {
      await system.write('/root/.ssh/authorized_keys', key, 0o600);
      await system.write('/etc/haru-environment', '');
    }
    await configure();
    expect((await deploy('r1')).code).toBe(0);
  }, 300_000);
  afterAll(async () => {
    await lab.close();
    await rm(dir, { recursive: true, force: true });
  });

  /** @param changes sections of deploy.yml; `hosts` is laid over each of them */
  async function configure({ hosts = {}, ...changes }: Changes = {}): Promise<void> {
    const quiet = ['StrictHostKeyChecking=no', 'UserKnownHostsFile=/dev/null', 'LogLevel=ERROR'];
    const settings = {
      stateDir: join(dir, 'coordinator'),
      releasesDir: join(dir, 'releases'),
      service: { entry: 'app/service.mjs', migrate: null },
      health: { timeoutMs: 15_000, intervalMs: 20 },
      watch: { forMs: 500, intervalMs: 20 },
      drain: { minMs: 100, timeoutMs: 5_000, intervalMs: 10 },
      nginx: { port: PORT, host: '*', workers: 1 },
      ssh: { options: quiet.flatMap((one) => ['-o', one]), goTimeoutMs: 10_000, patienceMs: 5_000 },
      ...changes,
      hosts: systems.map(({ name, address }) => ({
        name,
        address,
        user: 'root',
        identityFile: join(dir, 'key'),
        stateDir: '/var/lib/haru',
        environmentFile: '/etc/haru-environment',
        settings: { releasesDir: 'releases' },
        ...hosts,
      })),
    };
    await writeFile(join(dir, 'deploy.yml'), JSON.stringify(settings));
  }

  function begin(words: readonly string[]): Program {
    const command = [process.execPath, builtFile('deploy'), ...words, '--config', join(dir, 'deploy.yml')];
    return start(lab.inNetwork(command), { cwd: ROOT });
  }

  async function release(id: string): Promise<void> {
    const from = join(ROOT, 'test/support/deploy-fixture');
    await cp(from, join(dir, 'releases', id, 'app'), { recursive: true });
  }

  async function deploy(id: string): Promise<Ended> {
    await release(id);
    return begin(['deploy', id]).ended;
  }

  /** @returns what people meet on each machine; null: nobody answers */
  async function served(port = PORT): Promise<readonly (string | null)[]> {
    const ask = `Promise.all(${JSON.stringify(systems.map(({ address }) => address))}.map((address) =>
      fetch('http://' + address + ':${port}/api/v2/time', { signal: AbortSignal.timeout(2000) })
        .then((answer) => answer.headers.get('x-release'), () => null)))
      .then((all) => console.log(JSON.stringify(all)))`;
    return JSON.parse(await output(lab.inNetwork([process.execPath, '-e', ask]))) as (string | null)[];
  }

  /** Waits until a command that runs has said something. */
  async function hears(command: Program, what: string): Promise<void> {
    await waitFor(() => command.output().includes(what), { ...PATIENT, what });
  }

  const named = (name: (typeof NAMES)[number]): System => {
    const system = systems.find((one) => one.name === name);
    if (!system) throw new Error(`there is no ${name}`);
    return system;
  };

  it('switch together, by one clock', async () => {
    const { code, out, err } = await deploy('r2');
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/Skew: +\d+ ms/);
    expect(await served()).toEqual(['r2', 'r2', 'r2']);
    expect((await begin(['status']).ended).out).toContain('live      r2 on one, two, three');
  });

  it('switch nowhere when one is not well', async () => {
    await named('two').write('/etc/haru-environment', 'FIXTURE=sick=exits\n');
    const { code, err } = await deploy('sick');
    expect([code, err]).toEqual([4, expect.stringContaining('two: undone: blue (sick) is not healthy')]);
    expect(await served()).toEqual(['r2', 'r2', 'r2']);
  });

  it('do not mind a cable that is out for a moment', async () => {
    await configure({ ssh: { ...(await sshNow()), patienceMs: 60_000, goTimeoutMs: 60_000 } });
    await release('r3');
    const running = begin(['deploy', 'r3']);
    await hears(running, 'three    ok  start');
    await named('two').plug(false);
    await hears(running, 'three    ok  wait until blue (r3) is healthy');
    await named('two').plug(true);
    expect((await running.ended).code).toBe(0);
    expect(await served()).toEqual(['r3', 'r3', 'r3']);
    await configure();
  });

  it('switch nowhere when one loses its power while the others are prepared', async () => {
    await named('two').write('/etc/haru-environment', 'FIXTURE=p1=slow-start\n');
    await release('p1');
    const running = begin(['deploy', 'p1']);
    await hears(running, 'one    ok  wait until');
    await named('three').powerLoss();
    const { code, err } = await running.ended;
    expect([code, err]).toEqual([5, expect.stringContaining('three cannot be reached')]);
    expect((await served()).slice(0, 2)).toEqual(['r3', 'r3']);
    await named('three').powerOn();
    expect((await begin(['status']).ended).out).toMatch(/mixed versions: r3 on one, two; nothing on three/);
    expect((await deploy('p2')).code).toBe(0);
    expect(await served()).toEqual(['p2', 'p2', 'p2']);
  });

  it('finish without the one that coordinates, when it dies after the switch', async () => {
    await release('k1');
    const running = begin(['deploy', 'k1']);
    await hears(running, 'ask through nginx until only k1 answers');
    running.child.kill('SIGKILL');
    await running.ended;
    await waitFor(async () => (await served()).join() === 'k1,k1,k1', { ...PATIENT, what: 'k1 everywhere' });
    expect((await deploy('k2')).code).toBe(0);
    expect((await begin(['rollback']).ended).code).toBe(0);
    expect(await served()).toEqual(['k1', 'k1', 'k1']);
  });

  it('under systemd switch together, and serve the release again after a boot', async () => {
    const boot = `#!/bin/sh\nexec /usr/bin/node /var/lib/units/runner/*/dist/apps/deploy/src/main.js --config /var/lib/units/deploy.json "$@"\n`;
    for (const system of systems) {
      await system.write('/usr/local/bin/haru', boot, 0o755);
      await system.write('/etc/haru/service.env', '', 0o600);
      await system.must(['systemctl', 'disable', '--now', 'nginx']);
    }
    await configure({
      stateDir: join(dir, 'units'),
      runDir: '/run/haru',
      driver: {
        kind: 'systemd',
        environmentFile: '/etc/haru/service.env',
        bootCommand: '/usr/local/bin/haru',
      },
      nginx: { port: UNITS_PORT, host: '*', user: 'www-data' },
      hosts: { stateDir: '/var/lib/units', settings: { releasesDir: '/srv/releases' } },
    });
    expect((await begin(['install']).ended).code).toBe(0);
    for (const id of ['u1', 'u2']) {
      const { code, err } = await deploy(id);
      expect([code, err]).toEqual([0, '']);
      expect(await served(UNITS_PORT)).toEqual([id, id, id]);
    }
    await named('two').reboot();
    const isBack = async () => (await served(UNITS_PORT)).join() === 'u2,u2,u2';
    await waitFor(isBack, { ...PATIENT, what: 'two to serve again' });
    expect((await begin(['rollback']).ended).code).toBe(0);
    expect(await served(UNITS_PORT)).toEqual(['u1', 'u1', 'u1']);
    const settled = await begin(['settle']).ended;
    expect(settled.out).toMatch(/^two {2}Nothing was under way; \w+ \(u1\) serves\.$/m);
  }, 300_000);

  async function sshNow(): Promise<object> {
    const { ssh } = JSON.parse(await readFile(join(dir, 'deploy.yml'), 'utf8')) as { ssh: object };
    return ssh;
  }
});
