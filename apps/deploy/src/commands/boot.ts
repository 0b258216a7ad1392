import { nameOf, type Target } from '../core/colour';
import { DeployError } from '../core/errors';
import { liveTarget, type Facts } from '../core/facts';
import { judgeHealth } from '../core/judge';
import { prepareNginx } from '../core/plan';
import { setTimeout as sleep } from 'node:timers/promises';
import { driverOf, findProcess } from '../shell/drivers/driver';
import { endpointOf } from '../shell/endpoints';
import { gatherFacts } from '../shell/gather';
import { readUnfinished } from '../shell/journal-file';
import { probeReadiness } from '../shell/probe';
import type { Site } from '../shell/site';
import { perform } from '../shell/steps';
import { refuseStaleUnits } from '../shell/systemd-files';
import { trafficOf } from '../shell/traffic/traffic';
import { alone } from './alone';
import type { Session } from './session';

/**
 * Puts back what a boot has taken away: the live link and the process of the live colour, of that one only. A run that
 * the end of the machine has cut off is left to the next command, which settles it.
 *
 * @returns what is live now; null when nothing ever was
 * @throws DeployError when it does not become healthy in time; it stays started
 */
export async function boot(session: Session): Promise<Target | null> {
  const { site, reporter } = session;
  return alone(session, 'boot', async () => {
    const { facts, notes } = await gatherFacts(site);
    notes.forEach(reporter.say);
    const live = liveTarget(facts);
    if (live) {
      reporter.say(`${nameOf(live)} serves already.`);
      return live;
    }
    const target = await wanted(site, facts);
    if (!target) {
      reporter.say('Nothing was live before: nothing is started.');
      return null;
    }
    await sayStaleUnits(session);
    await bringBack(session, target);
    reporter.say(`${nameOf(target)} is live again.`);
    await startNginxIfOurs(site);
    return target;
  });
}

/** The recorded one. A first deploy that was verified and not recorded yet counts, too: there is no other. */
async function wanted(site: Site, { state }: Facts): Promise<Target | null> {
  if (state) return { colour: state.live.colour, release: state.live.release };
  const unfinished = await readUnfinished(site.layout.journalFile);
  return unfinished?.verified ? unfinished.to : null;
}

/** Settings that were changed since the last `install` are no reason to serve nobody. */
async function sayStaleUnits({ site, reporter }: Session): Promise<void> {
  try {
    await refuseStaleUnits(site);
  } catch (error) {
    if (!(error instanceof DeployError)) throw error;
    const { what, details = [], next } = error.trouble;
    reporter.say(`note: ${[what, ...details].join(' ')}; next: ${next}`);
  }
}

async function bringBack({ site, reporter }: Session, target: Target): Promise<void> {
  await driverOf(site).start(site, target);
  const traffic = trafficOf(site);
  if ((await traffic.where(site)) !== target.colour) {
    const note = await traffic.restore(site, target);
    if (note) reporter.say(`note: ${note}`);
  }
  await untilReady(site, target);
}

/** nginx waits for this, but not for ever: its supervisor goes on with a service that has not become ready. */
async function untilReady(site: Site, target: Target): Promise<void> {
  const { service, health } = site.settings;
  const deadline = performance.now() + health.timeoutMs;
  while (performance.now() < deadline) {
    const probes = [await probeReadiness(endpointOf(site, target), service.readyPath)];
    const { pid = 0 } = (await findProcess(site, target.colour)) ?? {};
    if (judgeHealth({ ...target, pid }, probes, 1).kind === 'healthy') return;
    await sleep(health.intervalMs);
  }
  throw new DeployError('unhealthy', {
    what: `${nameOf(target)} was started again, and is not ready after ${health.timeoutMs} ms.`,
    left: 'It has the traffic all the same.',
    next: `read ${driverOf(site).logOf(site, target)}`,
    details: await driverOf(site).lastLines(site, target, 15),
  });
}

/** Where a supervisor runs nginx, it starts it after this. */
async function startNginxIfOurs(site: Site): Promise<void> {
  if (site.settings.driver.kind === 'systemd') return;
  const { facts } = await gatherFacts(site);
  for (const action of prepareNginx(facts)) await perform(site, action);
}
