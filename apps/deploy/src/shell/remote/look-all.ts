import { setTimeout as sleep } from 'node:timers/promises';
import { DeployError } from '../../core/errors';
import { longestEndMs, type Found, type HostLook } from '../../core/fleet';
import type { Host } from '../../core/host-settings';
import type { Order } from '../../core/job';
import { parseJson } from '../files';
import type { Reporter } from '../reporter';
import type { Site } from '../site';
import { askHost, Unreachable } from './agent';
import { AttendedJob, within } from './attended';
import { readMemory } from './fleet-file';
import { jobFor } from './run-together';
import { lastWords } from './ssh';

/** A coordinating machine that lives is heard of far more often. */
const ABANDONED_MS = 5_000;
const POLL_MS = 500;

/** Looks at all hosts at once. @param release whether they have it is asked as well */
export function lookAtAll(
  site: Site,
  hosts: readonly Host[],
  release: string | null,
): Promise<readonly Found[]> {
  return Promise.all(hosts.map((host) => lookAt(site, host, release)));
}

async function lookAt(site: Site, host: Host, release: string | null): Promise<Found> {
  try {
    const { code, out, err } = await askHost(site, host, 'look', { settings: {}, release });
    const look = parseJson(out) as HostLook | null;
    if (code === 0 && look) return { host: host.name, look };
    return { host: host.name, unreachable: lastWords(err) };
  } catch (error) {
    if (error instanceof Unreachable) return { host: host.name, unreachable: error.message };
    throw error;
  }
}

/** @throws DeployError naming every host that cannot be asked: all switch, or none */
export function allReached(found: readonly Found[]): readonly Readonly<{ host: string; look: HostLook }>[] {
  const silent = found.flatMap((one) => ('look' in one ? [] : [`${one.host}: ${one.unreachable}`]));
  if (silent.length === 0) return found.flatMap((one) => ('look' in one ? [one] : []));
  throw new DeployError('needsHuman', {
    what: `${silent.length} of ${found.length} hosts cannot be asked, and all are switched or none:`,
    details: silent,
    left: 'Nothing was changed on any host.',
    next: 'bring them back, or take them out of `hosts` in deploy.yml; npm run deploy -- doctor',
  });
}

/**
 * Brings an end to what a coordinating machine that died has left waiting on the hosts: what it had decided is carried
 * out, everything else undone. A run of another coordinating machine that lives is left alone.
 *
 * @param limitMs whatever has not ended by then is left alone
 * @throws DeployError when one lives, or something does not end
 */
export async function settleHosts(
  site: Site,
  reporter: Reporter,
  found: readonly Found[],
  limitMs = longestEndMs(site.settings),
): Promise<void> {
  const busy = found.flatMap((one) => ('look' in one && one.look.job ? [{ ...one, job: one.look.job }] : []));
  const { run } = await readMemory(site);
  const foreign = busy.find(({ job }) => job.id !== run?.id && job.silentMs < ABANDONED_MS);
  if (foreign) {
    throw new DeployError('locked', {
      what: `Another machine deploys to ${foreign.host} just now (${foreign.job.id}).`,
      left: 'This command has changed nothing.',
      next: 'wait for it; npm run deploy -- status shows its end',
    });
  }
  const ends = busy.map(async ({ host, job }) => {
    reporter.say(`${host} is still at what was begun by ${job.id}: waiting for its end.`);
    const one = site.settings.hosts.find(({ name }) => name === host);
    const order = job.id === run?.id ? (run.order ?? 'undo') : null;
    const isOver = !one || (await endJob(site, one, { id: job.id, order, limitMs }));
    return isOver ? [] : [`${host}: ${job.id}`];
  });
  refuseEndless((await Promise.all(ends)).flat(), limitMs);
}

function refuseEndless(late: readonly string[], limitMs: number): void {
  if (late.length === 0) return;
  throw new DeployError('locked', {
    what: `What was begun on ${late.length} of the hosts has not ended in ${Math.round(limitMs / 1_000)} s:`,
    details: late,
    left: 'It goes on, and this command has begun nothing.',
    next: 'npm run deploy -- status says what it is at; then the same command again',
  });
}

type Left = Readonly<{
  id: string;
  /** what had been decided; null: it ends by itself when it has heard nothing for long enough */
  order: Order | null;
  limitMs: number;
}>;

/** @returns whether it has ended, as far as can be seen */
async function endJob(site: Site, host: Host, left: Left): Promise<boolean> {
  const deadline = performance.now() + left.limitMs;
  if (left.order !== null) await tellOrders(site, host, left, left.order);
  for (;;) {
    const found = await lookAt(site, host, null);
    if (!('look' in found) || found.look.job?.id !== left.id) return true;
    if (performance.now() > deadline) return false;
    await sleep(POLL_MS);
  }
}

function tellOrders(site: Site, host: Host, { id, limitMs }: Left, order: Order): Promise<void> {
  const attended: AttendedJob = new AttendedJob(site, host, {
    job: jobFor({ site, words: [] }, host, { id, migrates: false }),
    onLine: () => undefined,
    onChange: () => {
      const { progress } = attended;
      if (order !== 'undo' && progress.kind === 'waits') attended.say(progress.gate);
    },
  });
  attended.say(order === 'undo' ? 'undo' : 'go');
  return within(limitMs, [attended], attended.follow());
}
