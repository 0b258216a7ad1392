import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, open, readdir, rename, rm, type FileHandle } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { Placed, Slot } from '../../core/colour';
import { DeployError } from '../../core/errors';
import { colourLink, logFile, pidFile, type Layout } from '../../core/layout';
import { RELEASE_ID, isSocketOf } from '../../core/names';
import { lastLines, parseJson, readIfThere } from '../files';
import { endpointOf, variablesOf } from '../endpoints';
import { follow } from '../follow';
import { isAlive, signal, type ProcessIdentity } from '../process-identity';
import { releaseHome, releaseNode } from '../releases';
import type { Site } from '../site';
import { isSoon } from '../soon';
import { whoListensOn } from '../strangers';
import { pointLinkAt } from '../traffic/live-link';
import type { ColourProcess, Driver, Stopped } from './driver';
import { endAll } from './group';
import { findOrphan, leftBehind, markOf } from './orphans';

/** A detached child with a pid file: for a machine of one's own, and wherever no supervisor is wanted. */
export const processDriver: Driver = {
  start: startProcess,
  find: async (site, colour) => (await findNoted(site.layout, colour)) ?? findOrphan(site, colour),
  stop: stopProcess,
  lastLines: ({ layout }, target, count) => lastLines(logFile(layout, target), count),
  follow: ({ layout }, target, count, onLine) => follow(logFile(layout, target), count, onLine),
  logOf: ({ layout }, target) => logFile(layout, target),
};

const processSchema = z.object({
  pid: z.int(),
  startTicks: z.string(),
  release: z.string().regex(RELEASE_ID),
});

/**
 * The process itself writes who it is before it becomes the service (exec keeps pid and start time). So there is no
 * moment in which a dead deployer could have left a process that nobody knows of.
 */
const INTRODUCE_AND_BECOME = `
ticks=$(cut -d' ' -f22 "/proc/$$/stat" 2>/dev/null || ps -o lstart= -p $$ | tr -d ' ')
printf '{"pid":%s,"startTicks":"%s","release":"%s"}\\n' "$$" "$ticks" "$2" >"$1.new" && mv "$1.new" "$1" || exit 1
shift 2
unset SOCKET_PATH HOST PORT
exec env "$@"
`;

const POLL_MS = 20;
/** What takes milliseconds, on a machine that is busy to its limit. */
const SHELL_TIMEOUT_MS = 15_000;

/** It outlives this process and its terminal, and gets the environment of this process besides its own name. */
async function startProcess(site: Site, target: Placed): Promise<ColourProcess> {
  const { layout, settings } = site;
  await endLeftChildren(site, target.colour);
  await refuseStranger(site, target);
  await clearAway(layout, target.colour);
  await mkdir(layout.logDir, { recursive: true, mode: 0o750 });
  const log = await openLog(logFile(layout, target));
  if (settings.switch.strategy === 'socket') await pointLinkAt(colourLink(layout, target.colour), target);
  const command = [
    'sh',
    pidFile(layout, target.colour),
    target.release,
    ...variablesOf(site, target),
    markOf(site),
    await releaseNode(site, target.release),
    settings.service.entry,
  ];
  try {
    const stdio = ['ignore', log.fd, log.fd] as const;
    const child = spawn('/bin/sh', ['-c', INTRODUCE_AND_BECOME, ...command], {
      cwd: await releaseHome(site, target.release),
      detached: true,
      stdio: [...stdio],
    });
    await once(child, 'spawn');
    child.unref();
    return await introduced(layout, target.colour, child.pid ?? 0);
  } finally {
    await log.close();
  }
}

/** Whoever listens there would be asked instead of the new process, and is none of ours: that was stopped before. */
async function refuseStranger(site: Site, target: Placed): Promise<void> {
  const endpoint = endpointOf(site, target);
  const stranger = await whoListensOn(endpoint);
  if (stranger === null) return;
  const where = 'socketPath' in endpoint ? endpoint.socketPath : `port ${endpoint.port}`;
  throw new DeployError('needsHuman', {
    what: `${where} is taken by ${stranger}, which this tool did not start.`,
    next: 'stop it, or give it another address; this tool ends only what it has started',
  });
}

/** A log of its own for each start, so that nobody reads an older one's last words; the one before is kept. */
async function openLog(path: string): Promise<FileHandle> {
  if ((await readIfThere(path)) !== null) await rename(path, `${path}.previous`);
  return open(path, 'a', 0o640);
}

async function introduced(layout: Layout, colour: Slot, pid: number): Promise<ColourProcess> {
  const deadline = performance.now() + SHELL_TIMEOUT_MS;
  while (performance.now() < deadline) {
    const noted = await readPidFile(layout, colour);
    if (noted?.pid === pid) return noted;
    await sleep(POLL_MS);
  }
  throw new DeployError('needsHuman', {
    what: `Process ${pid} did not write ${pidFile(layout, colour)}: is the disk full?`,
  });
}

async function findNoted(layout: Layout, colour: Slot): Promise<ColourProcess | null> {
  const noted = await readPidFile(layout, colour);
  return noted && isAlive(noted) ? noted : null;
}

async function stopProcess(site: Site, colour: Slot): Promise<Stopped> {
  const { layout, settings } = site;
  const running = await processDriver.find(site, colour);
  const how = running ? await end(running, settings.stop.timeoutMs) : 'gone';
  if (running) await endAll(leftBehind(site, { colour, release: running.release }, running.pid));
  await endLeftChildren(site, colour);
  await clearAway(layout, colour);
  return how;
}

/** The process may have ended long ago and by itself: its number may have led a group of strangers since. */
async function endLeftChildren(site: Site, colour: Slot): Promise<void> {
  const noted = await readPidFile(site.layout, colour);
  if (!noted || isAlive(noted)) return;
  await endAll(leftBehind(site, { colour, release: noted.release }));
}

async function clearAway(layout: Layout, colour: Slot): Promise<void> {
  await rm(pidFile(layout, colour), { force: true });
  await rm(colourLink(layout, colour), { force: true });
  await removeSockets(layout, colour);
}

async function end(running: ProcessIdentity, timeoutMs: number): Promise<'stopped' | 'killed'> {
  signal(running, 'SIGTERM');
  if (await isGoneWithin(running, timeoutMs)) return 'stopped';
  signal(running, 'SIGKILL');
  if (await isGoneWithin(running, SHELL_TIMEOUT_MS)) return 'killed';
  throw new DeployError('needsHuman', {
    what: `Process ${running.pid} survives SIGKILL: it hangs in the kernel.`,
  });
}

function isGoneWithin(running: ProcessIdentity, timeoutMs: number): Promise<boolean> {
  return isSoon(() => !isAlive(running), timeoutMs, POLL_MS);
}

/** A killed process leaves its socket's name behind. */
async function removeSockets(layout: Layout, colour: Slot): Promise<void> {
  const names = await readdir(layout.runDir);
  const own = names.filter((name) => isSocketOf(name, colour));
  await Promise.all(own.map((name) => rm(`${layout.runDir}/${name}`, { force: true })));
}

async function readPidFile(layout: Layout, colour: Slot): Promise<ColourProcess | null> {
  const text = (await readIfThere(pidFile(layout, colour))) ?? '';
  return processSchema.safeParse(parseJson(text)).data ?? null;
}
