import { access, rm, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { nameOf, type Placed } from '../core/colour';
import { DeployError } from '../core/errors';
import { colourLink } from '../core/layout';
import { STANDBY_FAIL_S } from '../core/nginx-upstreams';
import { addressOf } from '../core/reload';
import type { Standby } from '../core/standby';
import { drainAt } from './drain';
import { driverOf, findProcess } from './drivers/driver';
import { writeDurably } from './durable';
import { endpointOf } from './endpoints';
import { untilHealthy } from './health';
import { parseAddress, type Endpoint } from './http';
import { releaseAnswering, whoAnswers } from './probe';
import { runShellCommand } from './shell-command';
import { publicEndpoint, type Site } from './site';
import { refuseStaleUnits } from './systemd-files';

const PAUSE_MS = 50;
/** Requests of the tool itself never go to the standby: this one comes as anybody's. */
const VISITOR = 'a visitor';

/** @returns how the standby is; null where the settings have none */
export async function readStandby(site: Site): Promise<Standby | null> {
  const { settings, layout } = site;
  if (settings.standby === null) return null;
  const [wanted, inPool] = await Promise.all([exists(layout.standbyWish), exists(layout.standbyPoolFile)]);
  return { wanted, inPool, release: await releaseOf(site) };
}

/** As an upstream of nginx. */
export function standbyServerOf({ settings, layout }: Site): string {
  const { server = 'process' } = settings.standby ?? {};
  if (server !== 'process') return server;
  return settings.switch.strategy === 'reload'
    ? addressOf(settings.switch, 'standby')
    : `unix:${colourLink(layout, 'standby')}`;
}

/** Whether somebody wants it outlives this process, the machine and every deploy. */
export async function wishForStandby({ layout }: Site, by: string | null): Promise<void> {
  if (by === null) await rm(layout.standbyWish, { force: true });
  else await writeDurably(layout.standbyWish, `${JSON.stringify({ since: new Date().toISOString(), by })}\n`);
}

/**
 * Brings it up with a release, proves it healthy, and only then lets requests through. One that helps already will do.
 *
 * @throws DeployError when it is not healthy, or gets no requests; it is out of the pool and stopped then
 */
export async function standUp(site: Site, release: string): Promise<string> {
  if (await isHelping(site, release)) return 'it helps already';
  await standDown(site);
  try {
    await bringUp(site, release);
    await untilAnswering(site, release);
    await writeFile(site.layout.standbyPoolFile, '');
    await untilMet(site, release);
    return 'in the pool';
  } catch (error) {
    await standDown(site).catch(() => undefined);
    throw error;
  }
}

async function isHelping(site: Site, release: string): Promise<boolean> {
  if (!(await exists(site.layout.standbyPoolFile))) return false;
  const answers = await whoAnswers(endpointAt(site, release), site.settings.service.livePath);
  return answers?.release === release && (await releaseOf(site)) === release;
}

/** Takes it out of the pool; when nothing is under way there, stops it. */
export async function standDown(site: Site): Promise<string> {
  await rm(site.layout.standbyPoolFile, { force: true });
  const release = await releaseOf(site);
  const told = release === null ? 'nothing ran' : await untilQuiet(site, release);
  await takeDown(site, release);
  return told;
}

async function bringUp(site: Site, release: string): Promise<void> {
  const { standby } = site.settings;
  if (standby?.startCommand) return runIt(site, standby.startCommand, release);
  const to: Placed = { colour: 'standby', release };
  await refuseStaleUnits(site);
  await driverOf(site).start(site, to);
}

async function takeDown(site: Site, release: string | null): Promise<void> {
  const { server, stopCommand } = site.settings.standby ?? {};
  if (stopCommand) return runIt(site, stopCommand, release ?? '');
  if (server === 'process') await driverOf(site).stop(site, 'standby');
}

async function untilAnswering(site: Site, release: string): Promise<void> {
  if (isProcess(site)) return untilHealthy(site, { colour: 'standby', release });
  const { health, verify, nginx } = site.settings;
  const deadline = performance.now() + health.timeoutMs;
  let inARow = 0;
  while (inARow < health.inARow) {
    const answer = await releaseAnswering(endpointAt(site, release), verify.path, { host: nginx.serverName });
    inARow = answer === release ? inARow + 1 : 0;
    if (performance.now() > deadline) throw notUp(site, `it answers as ${answer ?? 'nobody'}`, release);
    if (inARow === 0) await sleep(PAUSE_MS);
  }
}

/** Asks as people do, until the standby is the one that answers. */
async function untilMet(site: Site, release: string): Promise<void> {
  const { service, verify, nginx } = site.settings;
  const own = await whoAnswers(endpointAt(site, release), service.livePath);
  const deadline = performance.now() + Math.max(verify.timeoutMs, STANDBY_FAIL_S * 2_000);
  for (;;) {
    const wish = { host: nginx.serverName, userAgent: VISITOR };
    const met = await whoAnswers(publicEndpoint(site), service.livePath, wish);
    if (met !== null && own !== null && met.pid === own.pid && met.startedAt === own.startedAt) return;
    if (performance.now() > deadline) throw notUp(site, 'people do not get to it', release);
    await sleep(PAUSE_MS);
  }
}

function notUp(site: Site, why: string, release: string): DeployError {
  return new DeployError('unhealthy', {
    what: `${nameOf({ colour: 'standby', release })} cannot help: ${why}.`,
    left: 'It is out of the pool; the live colour serves.',
    next: isProcess(site)
      ? `read ${driverOf(site).logOf(site, { colour: 'standby', release })}; deploy once where nginx has an older configuration`
      : 'look at that host, then npm run deploy -- standby start',
  });
}

async function untilQuiet(site: Site, release: string): Promise<string> {
  const { note = '' } = await drainAt(
    site,
    {
      endpoint: endpointAt(site, release),
      hasEnded: () => Promise.resolve(false),
      lingering: () => Promise.resolve(null),
    },
    () => {},
  );
  return note;
}

/** @returns what runs there, as far as it can be known */
async function releaseOf(site: Site): Promise<string | null> {
  if (isProcess(site)) return (await findProcess(site, 'standby'))?.release ?? null;
  return (await whoAnswers(endpointAt(site, ''), site.settings.service.livePath))?.release ?? null;
}

async function runIt(site: Site, text: string, release: string): Promise<void> {
  const { layout, settings } = site;
  const logPath = `${layout.logDir}/standby.log`;
  const timeoutMs = settings.standby?.commandTimeoutMs ?? 0;
  const variables = [`RELEASE=${release}`];
  const problem = await runShellCommand({ text, cwd: layout.projectDir, variables, logPath, timeoutMs });
  if (problem === null) return;
  throw new DeployError('unhealthy', {
    what: `\`${text}\` failed: ${problem}.`,
    left: 'The standby is out of the pool; the live colour serves.',
    next: `read ${logPath}`,
  });
}

function endpointAt(site: Site, release: string): Endpoint {
  const { server = 'process' } = site.settings.standby ?? {};
  return server === 'process' ? endpointOf(site, { colour: 'standby', release }) : parseAddress(server);
}

function isProcess({ settings }: Site): boolean {
  return settings.standby?.server === 'process';
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
