import { nginxUnitOf } from '../core/systemd-units';
import type { CommandResult } from './command';
import { show, systemctl } from './drivers/systemctl';
import { endMaster, nginx } from './nginx-program';
import type { Site } from './site';

/** Starts nginx with the configuration in use: as a unit, where there is a supervisor to have it back. */
export async function launchNginx(site: Site): Promise<CommandResult> {
  const unit = unitOf(site);
  return unit === null ? nginx(site, site.layout.nginxConf, []) : systemctl('start', unit);
}

/**
 * Ends the nginx of this site.
 *
 * @param how SIGQUIT: after what is under way; a supervisor always ends it that way
 * @returns whether it ran
 */
export async function endNginx(site: Site, how: 'SIGQUIT' | 'SIGTERM'): Promise<boolean> {
  const unit = unitOf(site);
  if (unit === null) return endMaster(site, how);
  const [state] = await show(unit, 'ActiveState');
  await systemctl('stop', unit);
  return state === 'active';
}

function unitOf({ settings: { driver } }: Site): string | null {
  return driver.kind === 'systemd' ? nginxUnitOf({ driver, ownNginx: true }) : null;
}
