import { removeDrafts } from '../shell/durable';
import { withLock } from '../shell/lock';
import { writeMetrics } from '../shell/metrics-file';
import { prepareFolders } from '../shell/site';
import type { Session } from './session';

/**
 * Does a command's work while nobody else changes the site, and tells Prometheus afterwards how things are.
 *
 * @param command what others are told that this process is doing
 * @throws DeployError naming who holds the lock
 */
export async function alone<T>(
  { site, reporter }: Session,
  command: string,
  work: () => Promise<T>,
): Promise<T> {
  await prepareFolders(site);
  try {
    return await withLock(site.layout.lockFile, command, async () => {
      for (const folder of [site.layout.stateDir, site.layout.runDir]) await removeDrafts(folder);
      return work();
    });
  } finally {
    const problem = await writeMetrics(site);
    if (problem !== null) reporter.say(`note: ${problem}`);
  }
}
