import { DeployError } from '../core/errors';
import type { SystemFile } from '../core/systemd-units';
import { prepareState } from '../shell/site';
import { findUnits, installUnits, type Found } from '../shell/systemd-files';
import type { Session } from './session';

/** What was written, or would be. */
type Installed = Readonly<{
  files: readonly Readonly<{ path: string; state: Found['state'] }>[];
  enabled: readonly string[];
}>;

/**
 * Makes systemd the supervisor of this site: its units, the user of the service, the run folder. Done again, it changes
 * what the settings have changed.
 *
 * @throws DeployError where another driver is set, or systemd refuses a unit
 */
export async function install(session: Session, isDry: boolean): Promise<Installed> {
  const { site, reporter } = session;
  const { driver } = site.settings;
  if (driver.kind !== 'systemd') {
    throw new DeployError('usage', {
      what: `driver.kind is ${driver.kind}: nothing is to be installed.`,
      left: 'Nothing was changed.',
      next: 'set driver.kind to systemd in deploy.yml',
    });
  }
  const files = await findUnits(site, driver);
  for (const file of files) reporter.say(isDry ? shown(file) : told(file));
  const result = files.map(({ path, state }) => ({ path, state }));
  if (isDry) return { files: result, enabled: [] };
  if (process.getuid?.() !== 0) {
    throw new DeployError('usage', {
      what: 'Only root writes units.',
      left: 'Nothing was changed.',
      next: 'be root',
    });
  }
  await prepareState(site);
  const enabled = await installUnits(site, driver, files);
  reporter.say(`The next boot starts ${enabled.join(' and ')}.`);
  return { files: result, enabled };
}

function told({ path, state }: Found): string {
  return state === 'current' ? `${path} is there` : `${path} written`;
}

function shown({ path, text, state }: SystemFile & Found): string {
  return state === 'current' ? `${path} is there\n` : `${path} would be written (it is ${state}):\n${text}`;
}
