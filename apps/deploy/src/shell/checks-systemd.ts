import { stat } from 'node:fs/promises';
import { ok, problem, type Check } from '../core/checks';
import type { SystemdSettings } from '../core/driver-settings';
import { DeployError } from '../core/errors';
import { runCommand } from './command';
import type { Site } from './site';
import { disabledUnits, findUnits } from './systemd-files';

const INSTALL = 'npm run deploy -- install';
const OTHERS = 0o077;

/** What a deploy needs where systemd runs the colours; empty where it does not. */
export async function checkSystemd(site: Site): Promise<readonly Check[]> {
  const { driver } = site.settings;
  if (driver.kind !== 'systemd') return [];
  const running = await checkRunning();
  if (running.state !== 'ok') return [running];
  const more = [
    checkUnits(site, driver),
    checkAccount('passwd', driver.user),
    checkAccount('group', driver.group),
  ];
  return [running, ...(await Promise.all([...more, checkEnvironment(driver)]))];
}

async function checkRunning(): Promise<Check> {
  const isThere = await stat('/run/systemd/system').then(
    () => true,
    () => false,
  );
  if (!isThere)
    return problem('systemd', 'it does not run this machine', 'set driver.kind to process in deploy.yml');
  if (process.getuid?.() === 0) return ok('systemd', 'it runs this machine');
  return problem('systemd', 'only root starts and stops its units', 'run the deploy tool as root');
}

async function checkUnits(site: Site, driver: SystemdSettings): Promise<Check> {
  try {
    const stale = (await findUnits(site, driver)).filter(({ state }) => state !== 'current');
    if (stale.length > 0) {
      return problem('units', stale.map(({ path, state }) => `${path} is ${state}`).join(', '), INSTALL);
    }
    const disabled = await disabledUnits(site, driver);
    if (disabled.length === 0) return ok('units', 'as the settings ask for');
    return problem('units', `a boot would not start ${disabled.join(', ')}`, INSTALL);
  } catch (error) {
    if (!(error instanceof DeployError)) throw error;
    return problem(
      'units',
      [error.message, ...(error.trouble.details ?? [])].join(' '),
      'correct deploy.yml',
    );
  }
}

async function checkAccount(kind: 'passwd' | 'group', name: string): Promise<Check> {
  const { code } = await runCommand(['getent'], [kind, name]);
  const what = kind === 'passwd' ? 'user' : 'group';
  if (code === 0) return ok(what, name);
  const advice = kind === 'passwd' ? INSTALL : `set driver.group to the group of the workers of nginx`;
  return problem(what, `there is no ${what} ${name}`, advice);
}

/** It holds secrets. */
async function checkEnvironment({ environmentFile }: SystemdSettings): Promise<Check> {
  if (environmentFile === null) return ok('secrets', 'none (driver.environmentFile)');
  const found = await stat(environmentFile).catch(() => null);
  if (!found)
    return problem(
      'secrets',
      `${environmentFile} is not there`,
      'write it, or correct driver.environmentFile',
    );
  if ((found.mode & OTHERS) === 0) return ok('secrets', environmentFile);
  return problem('secrets', `others may read ${environmentFile}`, `chmod 600 ${environmentFile}`);
}
