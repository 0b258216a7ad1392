import { lstat, rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Target } from '../../core/colour';
import { DeployError } from '../../core/errors';
import { HOLD_MS, colourIn, isRefusal, renderLive } from '../../core/reload';
import { writeDurably } from '../durable';
import { readIfThere } from '../files';
import { activeWorkersOf, isRetired, oldWorkersOf } from '../nginx-master';
import { TAKE_OVER_TIMEOUT_MS } from '../nginx-program';
import { whoAnswers } from '../probe';
import type { ProcessIdentity } from '../process-identity';
import { publicEndpoint, type Site } from '../site';
import { askToReload, checkDraft, checkInUse, markLog, masterToReload, notTaken } from './reloading';
import type { Traffic } from './traffic';

/** Two reloads at once are taken one after the other: nobody else's is under way after this time without a change. */
const CALM_MS = 250;
const POLL_MS = 20;

/** By a file with the live colour's port, which nginx includes and reads again: for an nginx that cannot see sockets. */
export const byInclude: Traffic = {
  where: async ({ layout, settings }) =>
    colourIn((await readIfThere(layout.liveInclude)) ?? '', settings.switch),
  point: pointIncludeAt,
  restore: restoreInclude,
  pointedAtMs: async ({ layout }) => (await lstat(layout.liveInclude)).mtimeMs,
  prepare: async ({ layout, settings }) => {
    if ((await readIfThere(layout.liveInclude)) !== null) return;
    await writeDurably(layout.liveInclude, renderLive(null, settings.switch));
  },
  forget: ({ layout }) => rm(layout.liveInclude, { force: true }),
  lingering,
};

/**
 * Moves all traffic by a reload. A reload that answers 0 proves nothing: nginx is watched until no worker takes
 * connections with the old file any more. Whatever goes wrong, the file is put back as it was.
 *
 * @throws DeployError with nginx's own words; what served before still serves
 */
async function pointIncludeAt(site: Site, to: Target): Promise<string> {
  const { layout, settings } = site;
  const text = renderLive(to.colour, settings.switch);
  const master = await masterToReload(site);
  await checkDraft(site, text);
  const before = (await readIfThere(layout.liveInclude)) ?? renderLive(null, settings.switch);
  await writeDurably(layout.liveInclude, text);
  try {
    await checkInUse(site);
    return await reloadAndProve(site, master, to);
  } catch (error) {
    await writeDurably(layout.liveInclude, before);
    if (error instanceof NotTaken) {
      // It may only have been late: then this one comes after it, and both end with the file of before.
      await askToReload(site, master).catch(() => undefined);
      throw error.told;
    }
    throw error;
  }
}

/** The file of before the boot is still there, and may name the colour that nobody starts. An nginx that runs all the same is told. */
async function restoreInclude(site: Site, to: Target): Promise<string | void> {
  await writeDurably(site.layout.liveInclude, renderLive(to.colour, site.settings.switch));
  try {
    await askToReload(site, await masterToReload(site));
  } catch (error) {
    if (error instanceof DeployError) return `nginx reads the live server when it starts: ${error.message}`;
    throw error;
  }
}

/** nginx was told to reload, and did not. */
class NotTaken extends Error {
  constructor(readonly told: DeployError) {
    super(told.message);
  }
}

async function reloadAndProve(site: Site, master: ProcessIdentity | null, to: Target): Promise<string> {
  const readLog = await markLog(site);
  const old = master === null ? [] : activeWorkersOf(master);
  const begin = performance.now();
  await askToReload(site, master);
  const isTaken =
    master === null ? await isHeard(site, to, readLog) : await isTakenOver(master, old, readLog);
  if (!isTaken) throw new NotTaken(notTaken(site, await readLog()));
  const ms = Math.round(performance.now() - begin);
  if (master === null)
    return `answers changed after ${ms} ms; nginx.pidFile is not set: its processes were not looked at`;
  const left = oldWorkersOf(master).length;
  return `taken over in ${ms} ms${left > 0 ? `; ${left} old nginx processes still hold connections` : ''}`;
}

/** @returns whether nobody takes connections any more as before; the end of waiting when the log says why not */
async function isTakenOver(
  master: ProcessIdentity,
  old: readonly ProcessIdentity[],
  readLog: () => Promise<readonly string[]>,
): Promise<boolean> {
  const deadline = performance.now() + TAKE_OVER_TIMEOUT_MS;
  let [seen, since] = ['', performance.now()];
  while (performance.now() < deadline) {
    const pids = activeWorkersOf(master)
      .map(({ pid }) => pid)
      .join();
    if (pids !== seen) [seen, since] = [pids, performance.now()];
    const isCalm = performance.now() - since >= CALM_MS;
    if (isCalm && old.every(isRetired)) return true;
    if (isCalm && isRefusal(await readLog())) return false;
    await sleep(POLL_MS);
  }
  return old.every(isRetired);
}

/** Nobody says which processes those are: then what answers is all there is to go by. */
async function isHeard(site: Site, to: Target, readLog: () => Promise<readonly string[]>): Promise<boolean> {
  const { service, nginx } = site.settings;
  const deadline = performance.now() + TAKE_OVER_TIMEOUT_MS;
  while (performance.now() < deadline) {
    const identity = await whoAnswers(publicEndpoint(site), service.livePath, { host: nginx.serverName });
    // Whether silence is an illness of the new release is for the verification to say.
    if (identity === null || identity.colour === to.colour) return true;
    if (isRefusal(await readLog())) return false;
    await sleep(POLL_MS);
  }
  return false;
}

/**
 * A replaced nginx process goes on sending to the old colour what comes on connections that clients had opened before:
 * with keepalive_min_timeout for some seconds, and without it on those that had not sent anything yet.
 */
async function lingering(site: Site, elapsedMs: number): Promise<string | null> {
  if (elapsedMs >= HOLD_MS) return null;
  const master = await masterToReload(site).catch(() => null);
  if (master === null)
    return site.settings.nginx.manage ? null : 'nginx processes that were replaced may hold connections';
  const left = oldWorkersOf(master).length;
  return left === 0 ? null : `${left} old nginx processes still hold connections`;
}
