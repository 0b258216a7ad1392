import { setTimeout as sleep } from 'node:timers/promises';
import { nameOf, type Target } from '../../core/colour';
import { DeployError } from '../../core/errors';
import type { Gate, JobPlace } from '../../core/job';
import { giveBack, itsProcessEnded } from '../give-back';
import { lifeOf } from '../life';
import type { Site } from '../site';
import { leaseAgeMs, ordersIn, tell } from './job-folder';

/** The skew of several switches is about this. */
const POLL_MS = 5;

const OTHERS_FAILED = 'another host did not come through';
const ALONE = 'nobody is waited for';

type Change = Readonly<{ from: Target | null; to: Target }>;

/**
 * Waits, before the switch, until every host is as far. The old colour serves, the new one is warm, and the lock is held.
 *
 * @throws DeployError when the others are not, or nothing is heard any more: then nothing is switched here either
 */
export async function awaitGo(site: Site, { to }: Readonly<{ to: Target }>): Promise<string> {
  if (!site.job) return ALONE;
  const told = await orderAt('go', site, site.job, to);
  if (told === 'go') return 'every host is prepared';
  throw new DeployError('unhealthy', {
    what: `${nameOf(to)} was healthy and is not switched to: ${whyNot(told, site.job)}.`,
    next: 'see what the coordinating machine says; there:  npm run deploy -- status',
  });
}

function whyNot(told: 'undo' | 'silence' | 'gone', { goTimeoutMs }: JobPlace): string {
  if (told === 'undo') return OTHERS_FAILED;
  if (told === 'gone') return 'its process ended';
  return `no word from the coordinating machine for ${goTimeoutMs} ms`;
}

/**
 * Waits until every host has come through its watch, so that all of them can still go back at once. When nothing is
 * heard any more, the release stays: it was verified here.
 *
 * @throws DeployError when another host did not come through; the traffic is back on the old release then
 */
export async function awaitKeep(site: Site, change: Change): Promise<string> {
  if (!site.job) return ALONE;
  const told = await orderAt('keep', site, site.job, change.to);
  if (told === 'undo') throw await giveBack(site, change, { what: goesBack(change.to) });
  if (told === 'gone') throw await giveBack(site, change, { what: itsProcessEnded(change.to) });
  if (told === 'keep') return 'every host has come through';
  return 'no word from the coordinating machine: it stays, as verified';
}

/** @returns why the traffic is to be given back at once; null: go on */
export async function whyToldToUndo({ job }: Site, to: Target): Promise<string | null> {
  if (!job?.isGated) return null;
  return (await ordersIn(job.dir)).includes('undo') ? goesBack(to) : null;
}

function goesBack(to: Target): string {
  return `${nameOf(to)} was well and goes back: ${OTHERS_FAILED}.`;
}

async function orderAt<G extends Gate>(
  gate: G,
  site: Site,
  { dir, goTimeoutMs }: JobPlace,
  to: Target,
): Promise<G | 'undo' | 'silence' | 'gone'> {
  await tell(dir, { kind: 'waits', gate });
  const lives = await lifeOf(site, to);
  for (;;) {
    if ((await lives()) === null) return 'gone';
    const orders = await ordersIn(dir);
    if (orders.includes('undo')) return 'undo';
    if (orders.includes(gate)) return gate;
    if ((await leaseAgeMs(dir)) > goTimeoutMs) return 'silence';
    await sleep(POLL_MS);
  }
}
