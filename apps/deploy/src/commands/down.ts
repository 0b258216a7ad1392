import { rm, rmdir } from 'node:fs/promises';
import { SLOTS } from '../core/colour';
import { DeployError } from '../core/errors';
import type { Layout } from '../core/layout';
import { stopNginx } from '../shell/nginx';
import { driverOf } from '../shell/drivers/driver';
import { trafficOf } from '../shell/traffic/traffic';
import { alone } from './alone';
import type { Session } from './session';

/**
 * Takes a private site off this machine: nginx first, so that it finishes what is under way, then both colours. The
 * state stays; the next deploy starts everything again.
 *
 * @returns what was stopped
 * @throws DeployError where nginx is not ours: a public site is not taken down by a slip of the hand
 */
export async function down(session: Session): Promise<readonly string[]> {
  const { site, reporter } = session;
  if (!site.settings.nginx.manage) {
    throw new DeployError('usage', {
      what: '`down` is for a private site (nginx.manage: true); this nginx belongs to somebody else.',
      left: 'Nothing was changed.',
    });
  }
  return alone(session, 'down', async () => {
    const stopped = (await stopNginx(site)) ? ['nginx'] : [];
    for (const colour of SLOTS) {
      const how = await driverOf(site).stop(site, colour);
      if (how !== 'gone') stopped.push(`${colour} (${how})`);
    }
    await trafficOf(site).forget(site);
    await clearRunFolder(site.layout);
    reporter.say(stopped.length > 0 ? `Stopped ${stopped.join(', ')}.` : 'Nothing was running.');
    return stopped;
  });
}

/** Nobody listens any more. A folder that holds something else is somebody's and stays. */
async function clearRunFolder({
  innerSocket,
  previewLink,
  shareDir,
  standbyPoolFile,
  runDir,
}: Layout): Promise<void> {
  for (const name of [innerSocket, previewLink, standbyPoolFile]) await rm(name, { force: true });
  await rm(shareDir, { recursive: true, force: true });
  await rmdir(runDir).catch(() => undefined);
}
