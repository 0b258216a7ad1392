import { setTimeout as sleep } from 'node:timers/promises';
import { nameOf, type Placed } from '../core/colour';
import { DeployError } from '../core/errors';
import { judgeHealth, type Probe } from '../core/judge';
import { driverOf } from './drivers/driver';
import { endpointOf } from './endpoints';
import { SHOWN_LINES } from './give-back';
import { lifeOf } from './life';
import { probeReadiness, releaseAnswering } from './probe';
import type { Progress } from './reporter';
import type { Site } from './site';

/**
 * Waits until the process of a slot answers as ready, and as itself, several times in a row.
 *
 * @param progress told how far it has come
 * @throws DeployError with its last words when that does not happen in time
 */
export async function untilHealthy(site: Site, to: Placed, progress: Progress = () => {}): Promise<void> {
  const { service, health: limits } = site.settings;
  const { timeoutMs, intervalMs, inARow } = limits;
  const probes: Probe[] = [];
  const begin = performance.now();
  const lives = await lifeOf(site, to);
  for (;;) {
    const process = await lives();
    if (!process) throw await unhealthy(site, to, 'it ended by itself');
    probes.push(await probeReadiness(endpointOf(site, to), service.readyPath));
    const verdict = judgeHealth({ ...to, pid: process.pid }, probes, inARow);
    if (verdict.kind === 'healthy') return refuseWrongMark(site, to);
    if (verdict.kind === 'refused') throw await unhealthy(site, to, verdict.reason);
    const elapsedMs = performance.now() - begin;
    if (elapsedMs > timeoutMs) throw await unhealthy(site, to, `after ${timeoutMs} ms: ${verdict.reason}`);
    progress(elapsedMs / timeoutMs, verdict.reason);
    await sleep(intervalMs);
  }
}

/** Its answers must be told from another release's, or a switch could not be verified. */
async function refuseWrongMark(site: Site, to: Placed): Promise<void> {
  const { verify: limits, nginx } = site.settings;
  const release = await releaseAnswering(endpointOf(site, to), limits.path, { host: nginx.serverName });
  if (release === to.release) return;
  throw await unhealthy(site, to, `${limits.path} is answered with X-Release ${release ?? 'missing'}`);
}

async function unhealthy(site: Site, to: Placed, why: string): Promise<DeployError> {
  const details = await driverOf(site).lastLines(site, to, SHOWN_LINES);
  return new DeployError('unhealthy', { what: `${nameOf(to)} is not healthy: ${why}.`, details });
}
