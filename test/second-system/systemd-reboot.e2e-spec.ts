import { waitFor } from '../../scripts/lib/wait.mjs';
import { NspawnLab } from '../deploy/support/nspawn-lab';
import { SystemdSite, type Status } from '../deploy/support/systemd-site';

const STEPS = ['start', 'health', 'switch', 'verify', 'watch', 'record', 'drain', 'stop'] as const;
/** From this step on the new release is the recorded one. */
const RECORDED = STEPS.indexOf('record');

/** Needs a second system: a Debian that is booted again and again for these tests. */
describe('a machine that boots', () => {
  let lab: NspawnLab;
  let site: SystemdSite;
  /** what served before the next case */
  let live = 'first';

  beforeAll(async () => {
    lab = await NspawnLab.open();
    site = await SystemdSite.make(lab, 'one');
    await site.release('first', 'hung', ...STEPS.flatMap((step) => [step, `after-${step}`]), 'last');
    await site.json('install');
    await site.json('deploy', 'first');
  }, 240_000);
  afterAll(() => lab.close());

  async function loseThePower(): Promise<void> {
    await site.system.powerLoss();
    await site.system.powerOn();
  }

  /** Exactly one known colour, and everybody names the same. */
  async function expectOnlyServing(release: string): Promise<Status> {
    expect(await site.untilServed()).toBe(release);
    const status = await site.status();
    const { state, link, colours, nginx } = status.facts;
    expect([state?.live.release, link?.release, nginx.answers?.release]).toEqual([release, release, release]);
    const running = Object.values(colours).flatMap(({ process }) => process?.release ?? []);
    expect(running).toEqual([release]);
    return status;
  }

  it('serves what was live before, and lets nobody in before that is ready', async () => {
    await site.environment('slow-start');
    // Somebody has changed a setting that is part of the units, and not installed them again.
    await site.configure({ stop: { timeoutMs: 2_500 } });
    await site.system.reboot();
    await expectOnlyServing('first');
    const when = async (unit: string, property: string) =>
      Number(await site.system.must(['systemctl', 'show', '-p', property, '--value', unit]));
    const ready = await when('haru-boot', 'ExecMainExitTimestampMonotonic');
    expect(await when('haru-nginx', 'ExecMainStartTimestampMonotonic')).toBeGreaterThan(ready);
    expect(await when('haru@blue', 'ExecMainStartTimestampMonotonic')).toBeLessThan(ready - 1_000_000);
    expect(await site.system.must(['systemctl', '--failed', '--no-legend'])).toBe('');
    const said = await site.system.must(['journalctl', '-b', '-u', 'haru-boot', '-o', 'cat']);
    expect(said).toContain('note: The units of systemd are not those that the settings ask for.');
    await site.configure({});
    await site.environment('');
  });

  it.each(STEPS)(
    'serves exactly one known release when it lost its power after the step %s',
    async (step) => {
      const before = live;
      const { code } = await site.run('deploy', step, '--fault', `after:${step}:kill9`);
      expect(code).not.toBe(0);
      await (STEPS.indexOf(step) % 2 === 0 ? loseThePower() : site.system.reboot());
      const { unfinished } = await expectOnlyServing(STEPS.indexOf(step) < RECORDED ? before : step);
      expect(unfinished).not.toBeNull();
      live = `after-${step}`;
      await site.json('deploy', live);
      expect((await expectOnlyServing(live)).unfinished).toBeNull();
    },
  );

  it('serves what it did when it is rebooted while the deployer still works', async () => {
    await site.start('deploy', 'hung', '--fault', 'before:switch:hang');
    const journal = () => site.system.run(['tail', '-n', '1', '/srv/haru/deploy/journal.jsonl']);
    const isThere = async () => (await journal()).out.includes('"switch"');
    await waitFor(isThere, { timeoutMs: 20_000, everyMs: 100, what: 'the step before the switch' });
    await site.system.reboot();
    const { unfinished } = await expectOnlyServing(live);
    expect(unfinished).not.toBeNull();
  });

  it('serves the new release when it loses its power right after a deploy', async () => {
    await site.json('deploy', 'last');
    await loseThePower();
    expect((await expectOnlyServing('last')).unfinished).toBeNull();
  });

  it('does the same with the nginx of the distribution, which has the printed configuration', async () => {
    const nginx = { host: '0.0.0.0', port: 80, user: 'www-data', staticRoot: '/var/www/html', manage: false };
    await site.system.must(['systemctl', 'disable', '--now', 'haru-nginx']);
    await site.configure({ nginx });
    await site.json('install');
    await site.system.write('/etc/nginx/nginx.conf', (await site.run('nginx')).out);
    await site.system.must(['systemctl', 'restart', 'nginx']);
    await site.json('deploy', 'first');
    await loseThePower();
    await expectOnlyServing('first');
    const pid = await site.system.must(['systemctl', 'show', '-p', 'MainPID', '--value', 'nginx']);
    const { longestMs } = await site.outage(() => site.system.must(['kill', '-KILL', pid.trim()]));
    expect(longestMs).toBeLessThan(5_000);
    await site.json('deploy', 'hung');
    expect(await site.untilServed()).toBe('hung');
  });
});
