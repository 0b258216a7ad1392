import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { SystemdSettings } from '../core/driver-settings';
import { DeployError } from '../core/errors';
import {
  enabledUnits,
  renderUnits,
  unitProblems,
  type SystemFile,
  type UnitsInput,
} from '../core/systemd-units';
import { runCommand } from './command';
import { mustSystemctl, systemctl } from './drivers/systemctl';
import { writeDurably } from './durable';
import { isErrno, readIfThere } from './files';
import { nginxPath } from './nginx-program';
import type { Site } from './site';

/** What was found of a file that the settings ask for. */
export type Found = SystemFile & Readonly<{ state: 'current' | 'changed' | 'missing' }>;

const NEXT = 'npm run deploy -- install';

/** What the settings ask for, and whether it is there. */
export async function findUnits(site: Site, driver: SystemdSettings): Promise<readonly Found[]> {
  const input = await inputOf(site, driver);
  const problems = unitProblems(input);
  if (problems.length > 0) {
    throw new DeployError('usage', {
      what: 'No unit can be written with these names:',
      details: problems,
      left: 'Nothing was changed.',
    });
  }
  return Promise.all(renderUnits(input).map(withState));
}

async function withState(file: SystemFile): Promise<Found> {
  const text = await readIfThere(file.path);
  if (text === null) return { ...file, state: 'missing' };
  return { ...file, state: text === file.text ? 'current' : 'changed' };
}

/** @throws DeployError when a colour would run as other settings wanted it: before a release is started, not at a boot */
export async function refuseStaleUnits(site: Site): Promise<void> {
  const { driver } = site.settings;
  if (driver.kind !== 'systemd') return;
  const stale = (await findUnits(site, driver)).filter(({ state }) => state !== 'current');
  if (stale.length === 0) return;
  throw new DeployError('needsHuman', {
    what: 'The units of systemd are not those that the settings ask for.',
    details: stale.map(({ path, state }) => `${path} is ${state}`),
    next: NEXT,
  });
}

/**
 * Writes what is not there yet, has systemd check it before, and lets the next boot start it. Doing it again changes
 * nothing.
 *
 * @returns the units that the next boot starts
 * @throws DeployError with systemd's own words; nothing was written then
 */
export async function installUnits(
  site: Site,
  driver: SystemdSettings,
  files: readonly Found[],
): Promise<readonly string[]> {
  const input = await inputOf(site, driver);
  await verify(files, driver);
  for (const { path, text, state } of files) {
    if (state === 'current') continue;
    await mkdir(dirname(path), { recursive: true });
    await writeDurably(path, text);
  }
  const named = (folder: string) => files.map(({ path }) => path).filter((path) => path.includes(folder));
  await mustRun('systemd-sysusers', named('/sysusers.d/'));
  await mustRun('systemd-tmpfiles', ['--create', ...named('/tmpfiles.d/')]);
  await mustSystemctl('daemon-reload');
  const units = enabledUnits(input);
  await mustSystemctl('enable', ...units);
  return units;
}

/** @returns the units of a boot that it would not start */
export async function disabledUnits(site: Site, driver: SystemdSettings): Promise<readonly string[]> {
  const units = enabledUnits(await inputOf(site, driver));
  const { output } = await systemctl('is-enabled', ...units);
  const said = output.trim().split('\n');
  return units.filter((_, index) => said[index] !== 'enabled');
}

async function inputOf(site: Site, driver: SystemdSettings): Promise<UnitsInput> {
  const { settings, layout, file } = site;
  const [, program = ''] = process.argv;
  return {
    driver,
    layout,
    deployer:
      driver.bootCommand === null ? [process.execPath, program, '--config', file] : [driver.bootCommand],
    ownNginx: settings.nginx.manage,
    nginx: await nginxPath(),
    healthMs: settings.health.timeoutMs,
    stopMs: settings.stop.timeoutMs,
  };
}

/** In a folder of their own, where systemd looks first: with the units that the machine has already. */
async function verify(files: readonly SystemFile[], { unit }: SystemdSettings): Promise<void> {
  const units = files.filter(({ path }) => path.includes('/systemd/system/'));
  const dir = await mkdtemp(join(tmpdir(), `${unit}-units-`));
  try {
    const names: string[] = [];
    for (const { path, text } of units) {
      const name = path.split('/systemd/system/')[1] ?? basename(path);
      await mkdir(dirname(join(dir, name)), { recursive: true });
      await writeFile(join(dir, name), text);
      names.push(name.replace(/\.d\/.*$/, '').replace('@.', '@blue.'));
    }
    await mustRun('env', [`SYSTEMD_UNIT_PATH=${dir}:`, 'systemd-analyze', 'verify', '--man=no', ...names]);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

async function mustRun(program: string, args: readonly string[]): Promise<void> {
  try {
    const { code, output } = await runCommand([program], args);
    if (code === 0) return;
    throw new DeployError('needsHuman', {
      what: `${[program, ...args].join(' ')} failed.`,
      details: output.trim().split('\n'),
      next: `correct what the lines name, then ${NEXT}`,
    });
  } catch (error) {
    if (!isErrno(error, 'EACCES')) throw error;
    throw new DeployError('needsHuman', { what: `${program} may not be run.`, next: 'be root' });
  }
}
