import { lstat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { nameOf, type Target } from '../core/colour';
import { socketPath } from '../core/layout';
import { judgeTraffic, type Sample, type WatchVerdict } from '../core/watch';
import { AccessLog } from './access-log';
import { giveBack, itsProcessEnded } from './give-back';
import { whoAnswers } from './probe';
import { findProcess } from './processes';
import type { Site } from './site';

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
export async function watch(site: Site, change: Readonly<{ to: Target; from: Target }>): Promise<string> {
  const { to } = change;
  const { forMs, intervalMs } = site.settings.watch;
  if (forMs === 0) return 'not watched';
  const traffic = await openTraffic(site);
  const deadline = performance.now() + forMs;
  let silent = 0;
  for (;;) {
    const verdict = await look(site, to, traffic);
    silent = (await answers(site, to)) ? 0 : silent + 1;
    if (silent === SILENT_LOOKS)
      throw await giveBack(site, change, { what: `${nameOf(to)} does not answer any more.` });
    if (verdict.kind === 'bad') throw await giveBack(site, change, { what: verdict.reason });
    if (performance.now() >= deadline) return told(verdict, traffic.after.length);
    await sleep(intervalMs);
  }
}

type Traffic = {
  readonly before: Sample[];
  readonly after: Sample[];
  readonly readMore: () => Promise<void>;
};

/** The link's own time is that of the switch, also for one who comes later. */
async function openTraffic({ settings, layout }: Site): Promise<Traffic> {
  const log = new AccessLog(layout.accessLog);
  const { mtimeMs: switchedAtMs } = await lstat(layout.liveLink);
  const [before, after]: [Sample[], Sample[]] = [[], []];
  const readMore = async (): Promise<void> => {
    for (const sample of await log.read()) {
      if (sample.atMs >= switchedAtMs) after.push(sample);
      else if (sample.atMs >= switchedAtMs - settings.watch.forMs) before.push(sample);
    }
  };
  return { before, after, readMore };
}

async function look(site: Site, to: Target, traffic: Traffic): Promise<WatchVerdict> {
  if ((await findProcess(site.layout, to.colour)) === null) {
    return { kind: 'bad', reason: itsProcessEnded(to) };
  }
  await traffic.readMore();
  const verdict = judgeTraffic(traffic.before, traffic.after, site.settings.watch);
  if (verdict.kind !== 'bad') return verdict;
  return { kind: 'bad', reason: `${nameOf(to)} is worse than what served before: ${verdict.reason}.` };
}

async function answers({ settings, layout }: Site, to: Target): Promise<boolean> {
  const endpoint = { socketPath: socketPath(layout, to) };
  const identity = await whoAnswers(endpoint, settings.service.livePath, { timeoutMs: LOOK_TIMEOUT_MS });
  return identity?.release === to.release;
}

function told(verdict: WatchVerdict, requests: number): string {
  return verdict.kind === 'inconclusive'
    ? `inconclusive: ${verdict.reason}`
    : `${requests} requests, as well as before`;
}
