import { readdir } from 'node:fs/promises';
import { NspawnLab } from '../deploy/support/nspawn-lab';
import { output } from '../deploy/support/programs';
import type { System } from '../deploy/support/nspawn-system';

describe('the lab of booted systems', () => {
  let lab: NspawnLab;
  let one: System;
  let two: System;

  beforeAll(async () => {
    lab = await NspawnLab.open();
    [one, two] = [await lab.boot('one'), await lab.boot('two')];
  }, 240_000);
  afterAll(() => lab.close());

  it('has systems with a systemd, a name, a network and processes of their own', async () => {
    expect(await one.must(['cat', '/proc/1/comm'])).toBe('systemd\n');
    expect(await two.must(['hostname'])).toBe('two\n');
    expect(await one.must(['systemctl', 'is-active', 'nginx', 'ssh'])).toBe('active\nactive\n');
    expect(await one.must(['systemctl', '--failed', '--no-legend'])).toBe('');
    const ask = `fetch('http://${two.address}/').then((answer) => console.log(answer.headers.get('server')))`;
    expect(await output(lab.inNetwork([process.execPath, '-e', ask]))).toContain('nginx');
  });

  it('reboots a system: what is on the disk stays, /run is empty', async () => {
    await one.must(['sh', '-c', 'touch /var/kept /run/lost']);
    await one.reboot();
    expect((await one.run(['ls', '/var/kept', '/run/lost'])).out).toBe('/var/kept\n');
    await one.powerLoss();
    await one.powerOn();
    expect((await one.run(['ls', '/var/kept', '/run/lost'])).out).toBe('/var/kept\n');
    expect(await one.must(['systemctl', 'is-active', 'nginx'])).toBe('active\n');
    expect(await two.must(['systemctl', 'is-active', 'nginx'])).toBe('active\n');
  });

  it('leaves nothing on this machine', async () => {
    const other = await NspawnLab.open();
    const system = await other.boot('three');
    const leader = (await system.livePath('/')).split('/')[2] ?? '';
    await other.close();
    expect(await readdir('/proc')).not.toContain(leader);
    expect(await output(['cat', '/proc/self/mounts'])).not.toContain(other.dir);
  });
});
