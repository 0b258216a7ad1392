import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse } from 'yaml';
import type { SystemdSettings } from './driver-settings';
import { layoutOf } from './layout';
import { parseSettings } from './settings';
import { enabledUnits, renderUnits, unitProblems, type UnitsInput } from './systemd-units';

const EXAMPLES = join(__dirname, '../../../../infra/systemd');

const driver: SystemdSettings = {
  kind: 'systemd',
  unit: 'haru',
  user: 'haru',
  group: 'www-data',
  environmentFile: null,
  bootCommand: null,
};
const folders = {
  projectDir: '/opt/haru-study',
  stateDir: '/srv/haru/deploy',
  runDir: '/run/haru',
  releasesDir: '/srv/haru/releases',
};
const input: UnitsInput = {
  driver,
  layout: layoutOf(folders),
  deployer: [
    '/usr/bin/node',
    '/opt/haru-study/dist/apps/deploy/src/main.js',
    '--config',
    '/opt/haru-study/deploy.yml',
  ],
  ownNginx: true,
  nginx: '/usr/sbin/nginx',
  healthMs: 30_000,
  stopMs: 20_000,
};

function textOf(name: string, changes: Partial<UnitsInput> = {}): string {
  const found = renderUnits({ ...input, ...changes }).find(({ path }) => path.endsWith(name));
  return found?.text ?? `there is no ${name}`;
}

describe('the units of systemd', () => {
  it('are shown in infra/systemd as they are written for the settings there', () => {
    const parsed = parseSettings(parse(readFileSync(join(EXAMPLES, 'deploy.yml'), 'utf8')));
    if (!parsed.ok || parsed.settings.driver.kind !== 'systemd') throw new Error('the example is wrong');
    const files = renderUnits({ ...input, driver: parsed.settings.driver });
    const shown = renderUnits({ ...input, driver: parsed.settings.driver, ownNginx: false }).slice(-1);
    for (const { path, text } of [...files, ...shown]) {
      const folder = path.split('/').at(-2) ?? '';
      const name = folder === 'system' ? basename(path) : `${folder}-${basename(path)}`;
      expect(readFileSync(join(EXAMPLES, name), 'utf8')).toBe(text);
    }
  });

  it('do not own the run folder, which would go with the first colour that stops', () => {
    const all = renderUnits(input);
    expect(all.map(({ text }) => text).join('\n')).not.toContain('RuntimeDirectory');
    expect(textOf('tmpfiles.d/haru.conf')).toContain('d /run/haru 2750 haru www-data -');
  });

  it('give a service the time to stop that the settings give, and end its children with it', () => {
    expect(textOf('haru@.service', { stopMs: 1_500 })).toContain('TimeoutStopSec=1500ms');
    expect(textOf('haru@.service')).toContain('KillMode=mixed');
  });

  it('let what the deployer says of a slot win over what the operator has set for the service', () => {
    const text = textOf('haru@.service', { driver: { ...driver, environmentFile: '/etc/secret.env' } });
    const own = text.indexOf('EnvironmentFile=/srv/haru/deploy/slots/%i.env');
    expect(text.indexOf('EnvironmentFile=/etc/secret.env')).toBeGreaterThan(0);
    expect(own).toBeGreaterThan(text.indexOf('EnvironmentFile=/etc/secret.env'));
  });

  it('start what was live at a boot, and nginx after it: ours, or that of the distribution', () => {
    expect(textOf('haru-boot.service')).toContain('Before=haru-nginx.service');
    expect(textOf('haru-nginx.service')).toMatch(/^After=.*haru-boot\.service$/m);
    expect(enabledUnits(input)).toEqual(['haru-boot.service', 'haru-nginx.service']);
    const theirs = { ...input, ownNginx: false };
    expect(textOf('haru-boot.service', theirs)).toContain('Before=nginx.service');
    expect(textOf('nginx.service.d/haru.conf', theirs)).toMatch(/^After=haru-boot\.service$/m);
    expect(enabledUnits(theirs)).toEqual(['haru-boot.service', 'nginx.service']);
  });

  it('only the template is started by a deploy: no colour is enabled', () => {
    expect(textOf('haru@.service')).not.toContain('[Install]');
  });

  it('are not written with names that would mean something else in them', () => {
    expect(unitProblems(input)).toEqual([]);
    const layout = layoutOf({ ...folders, stateDir: '/srv/my site', projectDir: '/opt/100%' });
    expect(unitProblems({ ...input, layout })).toEqual([
      expect.stringContaining('/opt/100%'),
      expect.stringContaining('/srv/my site'),
    ]);
  });
});
