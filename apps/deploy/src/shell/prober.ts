import { randomUUID } from 'node:crypto';
import { Agent } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { counted, NOTHING_SENT, totalOf, type ProbeCount, type ProbeStream } from '../core/probe-count';
import { ask, type AskOptions } from './http';
import { publicEndpoint, type Site } from './site';

/** Beyond this a person has gone away. */
const TIMEOUT_MS = 2_000;
/** Opening connections costs the site more than using one: there are fewer of them. */
const FRESH_EVERY = 4;
/** Later than this nobody answers slowly: this process itself was stopped, or its machine slept. */
const STOOD_STILL_MS = 500;

/** Asks through nginx while a run goes on. */
export type Prober = Readonly<{ stop: () => Promise<ProbeCount> }>;

type Way = Readonly<{ everyMs: number; path: string; options: () => Partial<AskOptions> }>;

/**
 * Asks the site at a steady pace until it is stopped, as a browser with a kept connection does, as newcomers do, and
 * where `probe.post` is set as somebody who writes. It never asks twice: a reset of a kept connection is a failure.
 */
export function startProber(site: Site): Prober {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  let isOver = false;
  const streams = waysOf(site, agent).map((way) => keepAsking(site, way, () => isOver));
  const stop = async (): Promise<ProbeCount> => {
    isOver = true;
    const total = totalOf(await Promise.all(streams));
    agent.destroy();
    return total;
  };
  return { stop };
}

function waysOf({ settings }: Site, agent: Agent): readonly Way[] {
  const { everyMs, post } = settings.probe;
  const { path } = settings.verify;
  if (everyMs === 0) return [];
  const write = (): Partial<AskOptions> => ({ method: 'POST', body: JSON.stringify({ id: randomUUID() }) });
  return [
    { everyMs, path, options: () => ({ agent }) },
    { everyMs: everyMs * FRESH_EVERY, path, options: () => ({}) },
    ...(post === null ? [] : [{ everyMs: everyMs * FRESH_EVERY, path: post, options: write }]),
  ];
}

async function keepAsking(site: Site, way: Way, isOver: () => boolean): Promise<ProbeStream> {
  let stream = NOTHING_SENT;
  let intendedMs = performance.now();
  while (!isOver()) {
    if (await stoodStill(intendedMs - performance.now())) intendedMs = performance.now();
    const sentMs = performance.now();
    const ok = await isServed(site, way);
    const endedMs = performance.now();
    // What a stopped process did not hear says nothing about the site.
    if (endedMs - sentMs > TIMEOUT_MS + STOOD_STILL_MS) intendedMs = endedMs;
    else stream = counted(stream, { intendedMs, endedMs, ok });
    intendedMs += way.everyMs;
  }
  return stream;
}

/** Waits. @returns whether the wait was far longer than it was meant to be */
async function stoodStill(waitMs: number): Promise<boolean> {
  const begin = performance.now();
  if (waitMs > 0) await sleep(waitMs);
  return performance.now() - begin > Math.max(0, waitMs) + STOOD_STILL_MS;
}

async function isServed(site: Site, { path, options }: Way): Promise<boolean> {
  try {
    const host = site.settings.nginx.serverName;
    const { status } = await ask(publicEndpoint(site), path, { timeoutMs: TIMEOUT_MS, host, ...options() });
    return status >= 200 && status < 300;
  } catch {
    return false;
  }
}
