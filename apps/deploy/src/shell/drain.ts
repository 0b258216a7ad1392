import { setTimeout as sleep } from 'node:timers/promises';
import type { Target } from '../core/colour';
import {
  connectionsOf,
  countSockets,
  describeBusy,
  drainShare,
  hasNewSockets,
  judgeDrain,
  type Busy,
} from '../core/drain';
import { findProcess } from './drivers/driver';
import { endpointOf } from './endpoints';
import { ask, type Endpoint } from './http';
import { writeMetrics } from './metrics-file';
import { whatIsUnderWay } from './probe';
import type { Progress } from './reporter';
import type { Site } from './site';
import type { Told } from './steps';
import { trafficOf } from './traffic/traffic';

const ASK_TIMEOUT_MS = 2_000;
const ACCEPTED = 202;

/** Who is drained. */
type Leaving = Readonly<{
  endpoint: Endpoint;
  hasEnded: () => Promise<boolean>;
  /** @returns what may still send it requests; null: nothing does */
  lingering: (elapsedMs: number) => Promise<string | null>;
}>;

/** Drains a colour that the traffic has left. @returns what became of its sockets */
export function drain(site: Site, { from }: Readonly<{ from: Target }>, progress: Progress): Promise<Told> {
  const leaving: Leaving = {
    endpoint: endpointOf(site, from),
    hasEnded: async () => (await findProcess(site, from.colour)) === null,
    lingering: (elapsedMs) => trafficOf(site).lingering(site, elapsedMs),
  };
  return drainAt(site, leaving, progress);
}

/**
 * Has a service let its websockets go, and waits until nothing is under way on it. One that does not know the request is
 * waited for all the same, for its requests alone.
 *
 * @returns what became of its sockets
 */
export async function drainAt(site: Site, leaving: Leaving, progress: Progress): Promise<Told> {
  const { drain: limits } = site.settings;
  const looks: Busy[] = [];
  const begin = performance.now();
  // What is there is counted before it is asked to go: a service that ends in answer to that has cut it off.
  let heard: Heard = 'not';
  for (;;) {
    const elapsedMs = performance.now() - begin;
    const lingering = await leaving.lingering(elapsedMs);
    const verdict = judgeDrain(looks, elapsedMs, limits);
    if (verdict === 'drained' && lingering === null) return told('nothing under way', looks, heard);
    if (await leaving.hasEnded()) return told('it has ended by itself', looks, heard);
    if (verdict === 'late' || (verdict === 'drained' && elapsedMs > limits.timeoutMs)) {
      return told(lingering ?? tooLate(looks, elapsedMs), looks, heard);
    }
    await look(site, leaving, { looks, heard });
    if (heard === 'not' || hasNewSockets(looks)) {
      heard = await letSocketsGo(site, leaving, Math.max(0, limits.socketsTimeoutMs - elapsedMs));
    }
    progress(drainShare(looks, elapsedMs, limits), `${describeBusy(looks.at(-1) ?? NOTHING)} left`);
    await sleep(limits.intervalMs);
  }
}

const NOTHING: Busy = { inFlight: 0, sockets: 0 };

/** Whether the service has heard the request to drain, or knows none. `not`: it may still hear the next one. */
type Heard = 'begun' | 'unknown' | 'not';

async function letSocketsGo(site: Site, { endpoint }: Leaving, deadlineMs: number): Promise<Heard> {
  const { drain: limits, service } = site.settings;
  const body = JSON.stringify({ ratePerS: limits.socketsPerS, deadlineMs: Math.round(deadlineMs) });
  const options = { timeoutMs: ASK_TIMEOUT_MS, method: 'POST', body } as const;
  return ask(endpoint, service.drainPath, options).then(
    ({ status }) => (status === ACCEPTED ? 'begun' : 'unknown'),
    () => 'not',
  );
}

async function look(
  site: Site,
  { endpoint }: Leaving,
  { looks, heard }: Readonly<{ looks: Busy[]; heard: Heard }>,
): Promise<void> {
  const { inFlight, sockets } = await whatIsUnderWay(endpoint, site.settings.service.livePath);
  const before = looks.at(-1);
  const counted = inFlight === Infinity ? (before?.sockets ?? 0) : sockets;
  const now = { inFlight, sockets: heard === 'unknown' ? 0 : counted };
  looks.push(now);
  if (!before || connectionsOf(now) !== connectionsOf(before)) await writeMetrics(site, connectionsOf(now));
}

function tooLate(looks: readonly Busy[], elapsedMs: number): string {
  return `${describeBusy(looks.at(-1) ?? NOTHING)} still under way after ${Math.round(elapsedMs)} ms`;
}

function told(note: string, looks: readonly Busy[], heard: Heard): Told {
  if (heard === 'unknown') return { note };
  const sockets = countSockets(looks);
  const more = sockets.drained > 0 ? `, ${sockets.drained} sockets let go` : '';
  return { note: `${note}${more}`, sockets };
}
