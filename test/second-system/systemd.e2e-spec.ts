import { waitFor } from '../../scripts/lib/wait.mjs';
import { NspawnLab } from '../deploy/support/nspawn-lab';
import { SystemdSite } from '../deploy/support/systemd-site';

type Receipt = Readonly<{ to: object; steps: readonly Readonly<{ step: string; note?: string }>[] }>;

/** Needs a second system: a Debian that is booted for these tests. */
describe('a site whose colours systemd runs', () => {
  let lab: NspawnLab;
  let site: SystemdSite;

  beforeAll(async () => {
    lab = await NspawnLab.open();
    site = await SystemdSite.make(lab, 'one');
    await site.release('r1', 'r2', 'r3', 'r4', 'r5', 'r6', 'bad');
  }, 240_000);
  afterAll(() => lab.close());

  it('refuses to deploy before it is installed, and says how', async () => {
    const { code, err } = await site.run('deploy', 'r1');
    expect(code).toBe(5);
    expect(err).toContain('npm run deploy -- install');
    expect((await site.run('doctor')).err).toMatch(/problem +units/);
  });

  it('is installed by one command, which can show before what it writes, and be repeated', async () => {
    const { out: shown } = await site.run('install', '--dry-run');
    expect(shown).toContain('ExecStart=/usr/bin/env ${NODE} ${ENTRY}');
    expect((await site.system.run(['ls', '/etc/systemd/system/haru@.service'])).code).not.toBe(0);
    const { files } = await site.json<{ files: readonly { path: string }[] }>('install');
    expect(shown).toContain(files[0]?.path ?? 'a file');
    const again = await site.json<{ files: readonly { state: string }[] }>('install');
    expect(new Set(again.files.map(({ state }) => state))).toEqual(new Set(['current']));
    expect(await site.run('doctor')).toMatchObject({ code: 0 });
    await site.system.must(['systemd-analyze', 'verify', 'haru@blue.service', 'haru-boot.service']);
  });

  it('keeps a unit that systemd refuses from being written', async () => {
    await site.configure({
      driver: { kind: 'systemd', environmentFile: '/etc/haru/service.env', unit: 'other' },
    });
    await site.system.must(['sh', '-c', 'ln -sfn /nowhere /opt/gone && chmod -x /usr/sbin/nginx']);
    const { code, err } = await site.run('install');
    await site.system.must(['chmod', '+x', '/usr/sbin/nginx']);
    await site.configure({});
    expect({ code, err }).toEqual({ code: 5, err: expect.stringContaining('nginx') });
    expect((await site.system.run(['ls', '/etc/systemd/system/other@.service'])).code).not.toBe(0);
  });

  it('deploys and switches; the service runs as its own user, with the secrets that are kept for it', async () => {
    await site.environment('', 'SECRET="a b"\n');
    await site.json('deploy', 'r1');
    const receipt = await site.json<Receipt>('deploy', 'r2');
    expect(receipt.to).toEqual({ colour: 'green', release: 'r2' });
    expect(await site.served()).toEqual({ status: 200, release: 'r2' });
    const { blue, green } = await site.processes();
    expect(blue).toBeNull();
    const environment = await site.system.must(['cat', `/proc/${green}/environ`]);
    expect(environment.split('\0')).toEqual(
      expect.arrayContaining(['SECRET=a b', 'RELEASE=r2', 'COLOUR=green']),
    );
    expect(await site.system.must(['ps', '-o', 'user=,group=', '-p', `${green}`])).toMatch(/^haru +www-data/);
    expect(await site.system.must(['stat', '-c', '%a %U %G', '/run/haru'])).toBe('2750 haru www-data\n');
    expect(await site.system.must(['sh', '-c', 'grep -r SECRET /srv/haru/deploy || true'])).toBe('');
  });

  it('shows what a colour has written, from the journal, and goes on', async () => {
    const { lines } = await site.json<{ lines: readonly string[] }>('logs', 'green');
    expect(lines[0]).toContain('"release":"r2"');
    const following = await site.start('logs', '--follow');
    const starts = () => following.output().split('"listening"').length - 1;
    await waitFor(() => starts() === 1, { timeoutMs: 10_000, what: 'the lines that were there' });
    await site.system.must(['systemctl', 'kill', '-s', 'KILL', 'haru@green']);
    await waitFor(() => starts() === 2, { timeoutMs: 10_000, what: 'the lines of its next life' });
    expect(following.output()).not.toContain('systemd');
    following.child.kill('SIGTERM');
  });

  it('gives up a release that ends again and again at its first end, and does not start it again', async () => {
    await site.environment('bad=ends-when-asked-again');
    const { code, err } = await site.run('deploy', 'bad');
    expect({ code, err }).toEqual({ code: 4, err: expect.stringContaining('it ended by itself') });
    expect(await site.served()).toEqual({ status: 200, release: 'r2' });
    expect(await site.system.must(['systemctl', 'show', '-p', 'ActiveState', '--value', 'haru@blue'])).toBe(
      'inactive\n',
    );
  });

  it('is back by itself when the live colour is killed', async () => {
    const { green } = await site.processes();
    const { failed, longestMs } = await site.outage(() => site.system.must(['kill', '-KILL', `${green}`]));
    process.stdout.write(
      `live colour killed: ${failed} requests failed, nobody was served for ${longestMs} ms\n`,
    );
    expect(failed).toBeGreaterThan(0);
    expect(longestMs).toBeLessThan(5_000);
    expect(await site.served()).toEqual({ status: 200, release: 'r2' });
    expect((await site.processes()).green).not.toBe(green);
  });

  it('is back by itself when nginx is killed', async () => {
    const pid = await site.system.must(['systemctl', 'show', '-p', 'MainPID', '--value', 'haru-nginx']);
    const { failed, longestMs } = await site.outage(() => site.system.must(['kill', '-KILL', pid.trim()]));
    process.stdout.write(`nginx killed: ${failed} requests failed, nobody was served for ${longestMs} ms\n`);
    expect(failed).toBeGreaterThan(0);
    expect(longestMs).toBeLessThan(5_000);
  });

  it('starts nginx where it does not run, whatever its old pid file says, and harms no stranger', async () => {
    await site.environment('');
    await site.system.must(['systemctl', 'stop', 'haru-nginx']);
    const stranger = (
      await site.system.must(['systemctl', 'show', '-p', 'MainPID', '--value', 'ssh'])
    ).trim();
    await site.system.write('/srv/haru/deploy/nginx/nginx.pid', `${stranger}\n`);
    await site.json('deploy', 'r3');
    expect(await site.served()).toEqual({ status: 200, release: 'r3' });
    expect(await site.system.must(['systemctl', 'is-active', 'haru-nginx', 'ssh'])).toBe('active\nactive\n');
    expect((await site.system.must(['systemctl', 'show', '-p', 'MainPID', '--value', 'ssh'])).trim()).toBe(
      stranger,
    );
  });

  it('gives the traffic back when the new process dies in the watch window, though systemd starts it again', async () => {
    await site.configure({ watch: { forMs: 20_000, intervalMs: 20 } });
    await site.environment('bad=dies-after=1');
    const { code, err } = await site.run('deploy', 'bad');
    await site.configure({});
    expect({ code, err }).toEqual({ code: 4, err: expect.stringContaining('its process ended') });
    expect(await site.served()).toEqual({ status: 200, release: 'r3' });
    expect(Object.values(await site.processes()).filter(Boolean)).toHaveLength(1);
  });

  it('keeps the old colour when the new one dies while that is drained, though systemd starts it again', async () => {
    await site.environment('');
    await site.configure({ drain: { minMs: 5_000, timeoutMs: 20_000, intervalMs: 10 } });
    const deployer = await site.start('deploy', 'r4');
    const isDraining = () => deployer.output().includes('record green (r4)');
    await waitFor(isDraining, { timeoutMs: 60_000, what: 'the drain to begin' });
    await site.system.must(['systemctl', 'kill', '-s', 'KILL', 'haru@green']);
    const { code, err } = await deployer.ended;
    await site.configure({});
    expect({ code, err }).toEqual({ code: 4, err: expect.stringContaining('its process ended') });
    expect(await site.served()).toEqual({ status: 200, release: 'r3' });
  });

  it('ends an old colour that ignores SIGTERM, with all its children', async () => {
    await site.environment('r4=ignores-sigterm,r4=leaves-children');
    await site.json('deploy', 'r4');
    const { steps } = await site.json<Receipt>('deploy', 'r5');
    expect(steps.find(({ step }) => step === 'stop')?.note).toContain('killed');
    expect(await site.system.must(['sh', '-c', 'pgrep -u haru | wc -l'])).toBe('1\n');
  });

  it('migrates as the service runs: as its user, with its secrets', async () => {
    const program = `console.log('Applied: ' + process.env.SECRET + '-' + (process.getuid() > 0 ? 'user' : 'root'));`;
    await site.system.write('/srv/haru/releases/r6/migrate.mjs', program);
    await site.environment('', 'SECRET=s3cret\n');
    await site.configure({ service: { entry: 'service.mjs', migrate: 'migrate.mjs' } });
    const { steps } = await site.json<Receipt>('deploy', 'r6');
    await site.configure({});
    expect(steps.find(({ step }) => step === 'migrate')).toMatchObject({ migrations: ['s3cret-user'] });
  });

  it('goes back to the release before', async () => {
    await site.environment('');
    await site.json('rollback');
    expect(await site.served()).toEqual({ status: 200, release: 'r5' });
  });
});
