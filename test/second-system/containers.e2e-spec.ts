import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SSH_OPTIONS, hostSettings, makeMachines } from '../../scripts/bench/hosts/machines.mjs';
import { waitFor } from '../../scripts/lib/wait.mjs';
import { Lab } from '../deploy/support/lab';
import { Podman } from '../deploy/support/podman';

const MINUTES = 60_000;

describe('colours in containers', () => {
  let podman: Podman;
  let lab: Lab;
  beforeAll(async () => {
    podman = await Podman.open();
    for (const release of ['r1', 'r2', 'r3', 'bad', 'broken']) {
      await podman.build(release, release === 'broken' ? { 'service.mjs': 'no such syntax' } : {});
    }
    lab = await Lab.open();
    await configure();
  }, 3 * MINUTES);
  afterAll(async () => {
    await lab.run(['down']);
    await lab.close();
    await podman.close();
  }, MINUTES);

  async function configure(changes: object = {}): Promise<void> {
    const environmentFile = join(lab.dir, 'service.env');
    await writeFile(environmentFile, 'FIXTURE=bad=not-ready\n');
    await lab.configure({ driver: podman.driver(environmentFile), ...changes });
  }

  const liveName = async () => `lab-${(await lab.link()).split('-')[0] ?? ''}`;
  const names = async () =>
    (await podman.run('ps', '--all', '--format', '{{.Names}}')).split('\n').filter(Boolean);

  it('serve an image that the Containerfile of the repository was made into', async () => {
    await lab.deploy('r1');
    expect(await lab.served()).toBe('r1');
    expect(await names()).toEqual(['lab-blue']);
    expect((await lab.run(['logs'])).out).toContain('"release":"r1"');
  });

  it('are switched under load without a lost request, and the old one is gone', async () => {
    const load = lab.load();
    await lab.deploy('r2');
    const { failures, requests } = await load.stop();
    expect(failures).toEqual([]);
    expect(requests).toBeGreaterThan(50);
    expect(await lab.served()).toBe('r2');
    expect(await names()).toEqual(['lab-green']);
  });

  it('go back to the release before', async () => {
    expect((await lab.run(['rollback'])).code).toBe(0);
    expect(await lab.served()).toBe('r1');
  });

  it.each([
    ['is never ready', 'bad', 'it answers 503'],
    ['ends at once', 'broken', /SyntaxError|ended/],
  ])('leave what serves serving when an image %s', async (_what, release, reason) => {
    await configure({ health: { timeoutMs: 1_500, intervalMs: 50 } });
    const { code, err } = await lab.run(['deploy', release]);
    expect([code, err]).toEqual([4, expect.stringMatching(reason)]);
    expect(err).toContain('blue (r1) serves as before');
    expect(await lab.served()).toBe('r1');
    // One that ended by itself is there until the next deploy, for whoever wants to look into it.
    expect((await names()).filter((name) => name !== 'lab-green')).toEqual(['lab-blue']);
    expect(await lab.read(`log/green-${release}.log`).catch(() => '')).toContain(
      release === 'bad' ? 'listening' : '',
    );
    await configure();
  });

  it('are none for an image that is not there', async () => {
    const { code, err } = await lab.run(['deploy', 'r9']);
    expect([code, err]).toEqual([2, expect.stringContaining('no image localhost/fixture:r9')]);
  });

  it('are settled when the deployer was killed, and nobody has to clear away', async () => {
    await lab.run(['deploy', 'r3', '--fault', 'after:start:kill9']);
    expect(await names()).toEqual(['lab-blue', 'lab-green']);
    await lab.deploy('r3');
    expect(await lab.served()).toBe('r3');
    expect(await names()).toEqual(['lab-green']);
    expect((await lab.run(['status'])).out).not.toMatch(/drift|unfinished/);
  });

  it('are migrated by the same image, with the settings of the service', async () => {
    await podman.build('r4', {
      'migrate.mjs': 'console.log(`Applied: ${process.env.RELEASE}_${process.env.FIXTURE}`);',
    });
    await configure({ service: { migrate: 'dist/apps/api/src/migrate.mjs' } });
    const { steps } = await lab.json<{ steps: readonly { step: string; migrations?: readonly string[] }[] }>([
      'deploy',
      'r4',
    ]);
    expect(steps.find(({ step }) => step === 'migrate')?.migrations).toEqual(['r4_bad=not-ready']);
    await configure();
    await lab.deploy('r3');
  });

  it('are brought up again by a deploy after the live one was killed', async () => {
    await podman.run('kill', await liveName());
    const isDown = async () => (await lab.ask('/api/v2/time')).status === 503;
    await waitFor(isDown, { timeoutMs: 5_000, what: 'the site to be down' });
    await lab.deploy('r2');
    expect(await lab.served()).toBe('r2');
  });

  it('are deployed to hosts that have the image, which is sent to none', async () => {
    const [machine] = await makeMachines(lab.dir, ['far']);
    if (!machine) throw new Error('there is no machine');
    const driver = { ...podman.driver(join(lab.dir, 'service.env')), name: 'far' };
    const ssh = { options: SSH_OPTIONS };
    const stateDir = join(lab.dir, 'coordinator');
    await lab.configure({ stateDir, driver, ssh, hosts: [hostSettings(machine)] });
    try {
      await lab.deploy('r1');
      const answer = await fetch(`http://127.0.0.1:${machine.sitePort}/api/v2/time`);
      expect(answer.headers.get('x-release')).toBe('r1');
      const { code, err } = await lab.run(['plan', 'r9']);
      expect([code, err]).toEqual([2, expect.stringContaining('far lacks the image')]);
      await lab.json(['down']);
    } finally {
      machine.sshd.kill('SIGTERM');
      await configure();
    }
  });

  it('are looked at by doctor, which names an engine that is missing', async () => {
    expect((await lab.run(['doctor'])).out).toMatch(/ok +engine +podman/);
    await lab.configure({ driver: { kind: 'container', command: ['no-such-podman'] } });
    expect((await lab.run(['doctor'])).err).toContain('no-such-podman is missing');
    await configure();
  });
});
