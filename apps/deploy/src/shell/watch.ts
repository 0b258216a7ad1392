import { setTimeout as sleep } from 'node:timers/promises';
import { nameOf, type Target } from '../core/colour';
import { tooHeavy } from '../core/weight';
import { judgeTraffic, type Sample, type WatchVerdict } from '../core/watch';
import { AccessLog } from './access-log';
import { lifeOf } from './life';
import { endpointOf } from './endpoints';
import { giveBack, itsProcessEnded } from './give-back';
import { whyToldToUndo } from './host/gate';
import { whoAnswers } from './probe';
import type { Progress } from './reporter';
import type { Site } from './site';
import { weightOf } from './weight';
import { trafficOf } from './traffic/traffic';

/** A process that hangs is given up after so many looks in a row of so long: traffic is back in less than 2 s. */
const SILENT_LOOKS = 2;
const LOOK_TIMEOUT_MS = 700;

/**
 * Looks at the new release while the old one stays warm: whether its process lives, and whether people are served as
 * well as before. Trouble gives the traffic back at once, by the same rename that took it away.
 *
 * @returns what was seen, for the receipt
 * @throws DeployError when the new release is worse; traffic is back on the old one then, if that one lives
 */
export async function watch(
  site: Site,
  change: Readonly<{ to: Target; from: Target }>,
  progress: Progress,
): Promise<string> {
  const { to } = change;
  const { forMs, intervalMs } = site.settings.watch;
  if (forMs === 0) return 'not watched';
  const traffic = await openTraffic(site, to);
  const lives = await lifeOf(site, to);
  const begin = performance.now();
  let silent = 0;
  for (;;) {
    const process = await lives();
    const verdict = process ? await look(site, { to, pid: process.pid }, traffic) : ended(to);
    silent = (await answers(site, to)) ? 0 : silent + 1;
    if (silent === SILENT_LOOKS)
      throw await giveBack(site, change, { what: `${nameOf(to)} does not answer any more.` });
    if (verdict.kind === 'bad') throw await giveBack(site, change, { what: verdict.reason });
    const elapsedMs = performance.now() - begin;
    // Whoever was silent at the last look may hang: the window ends with an answer.
    if (elapsedMs >= forMs && silent === 0) return told(verdict, traffic.after.length);
    progress(Math.min(1, elapsedMs / forMs), `${traffic.after.length} requests`);
    await sleep(intervalMs);
  }
}

type Traffic = {
  readonly before: Sample[];
  readonly after: Sample[];
  readonly readMore: () => Promise<void>;
};

/** What a preview of the new release has answered before the switch says nothing about the old one. */
async function openTraffic(site: Site, to: Target): Promise<Traffic> {
  const { settings, layout } = site;
  const log = new AccessLog(layout.accessLog);
  const switchedAtMs = await trafficOf(site).pointedAtMs(site);
  const [before, after]: [Sample[], Sample[]] = [[], []];
  const readMore = async (): Promise<void> => {
    for (const sample of await log.read()) {
      if (sample.atMs >= switchedAtMs) after.push(sample);
      else if (sample.atMs >= switchedAtMs - settings.watch.forMs && sample.release !== to.release) {
        before.push(sample);
      }
    }
  };
  return { before, after, readMore };
}

type Watched = Readonly<{ to: Target; pid: number }>;

async function look(site: Site, { to, pid }: Watched, traffic: Traffic): Promise<WatchVerdict> {
  const why = await whyToldToUndo(site, to);
  if (why !== null) return { kind: 'bad', reason: why };
  const weight = await weightOf(pid);
  const heavy = weight && tooHeavy(weight, site.settings.watch);
  if (heavy !== null) return { kind: 'bad', reason: `${nameOf(to)} takes too much: ${heavy}.` };
  await traffic.readMore();
  const verdict = judgeTraffic(traffic.before, traffic.after, site.settings.watch);
  if (verdict.kind !== 'bad') return verdict;
  return { kind: 'bad', reason: `${nameOf(to)} is worse than what served before: ${verdict.reason}.` };
}

function ended(to: Target): WatchVerdict {
  return { kind: 'bad', reason: itsProcessEnded(to) };
}

async function answers(site: Site, to: Target): Promise<boolean> {
  const { livePath } = site.settings.service;
  const identity = await whoAnswers(endpointOf(site, to), livePath, { timeoutMs: LOOK_TIMEOUT_MS });
  return identity?.release === to.release;
}

function told(verdict: WatchVerdict, requests: number): string {
  return verdict.kind === 'inconclusive'
    ? `inconclusive: ${verdict.reason}`
    : `${requests} requests, as well as before`;
}
