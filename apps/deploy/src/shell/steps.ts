import { setTimeout as sleep } from 'node:timers/promises';
import type { Action, ActionKind } from '../core/action';
import { nameOf, type Target } from '../core/colour';
import { DeployError } from '../core/errors';
import { isDrained, judgeHealth, type Probe } from '../core/judge';
import { logFile, socketPath } from '../core/layout';
import type { StepRecord } from '../core/receipt';
import { afterSwitch } from '../core/state';
import { lastLines } from './files';
import { SHOWN_LINES } from './give-back';
import { runHook, runSmoke } from './hooks';
import { runMigrations } from './migrate';
import { pointLinkAt } from './live-link';
import { writeMetrics } from './metrics-file';
import { configureNginx, startNginx } from './nginx';
import { probeReadiness, releaseAnswering, requestsInFlight } from './probe';
import { findProcess, startProcess, stopProcess } from './processes';
import { lookUp, releaseHome } from './releases';
import type { Site } from './site';
import { readState, writeState } from './state-file';
import { verify } from './verify';
import { watch } from './watch';

/** What a step has to say for the receipt. */
export type Told = Omit<StepRecord, 'step' | 'ms'>;

type Step<K extends ActionKind> = (
  site: Site,
  action: Extract<Action, { kind: K }>,
) => Promise<Told | string | void>;

/**
 * What each action does. Each can be done again after a crash: it leaves the same state whether it runs once, or
 * half and then once. A text that a step returns is its note.
 */
const STEPS: { readonly [K in ActionKind]: Step<K> } = {
  'configure-nginx': (site) => configureNginx(site),
  'start-nginx': (site) => startNginx(site),
  migrate: (site, { to }) => runMigrations(site, to),
  start,
  health,
  smoke: runSmoke,
  'pre-deploy': runHook,
  'post-health': runHook,
  'pre-switch': runHook,
  'post-switch': runHook,
  'post-deploy': runHook,
  switch: ({ layout }, { to }) => pointLinkAt(layout.liveLink, to),
  verify,
  watch,
  record,
  drain,
  stop,
};

/**
 * Does one action.
 *
 * @throws DeployError when it cannot be done
 */
export function perform<K extends ActionKind>(
  site: Site,
  action: Extract<Action, { kind: K }>,
): Promise<Told | string | void> {
  const step: Step<K> = STEPS[action.kind as K];
  return step(site, action);
}

async function start(site: Site, { to }: Readonly<{ to: Target }>): Promise<string> {
  const home = await releaseHome(site, to.release);
  const { pid } = await startProcess(site.layout, to, { home, entry: site.settings.service.entry });
  return `process ${pid}`;
}

async function health(site: Site, { to }: Readonly<{ to: Target }>): Promise<void> {
  const { settings, layout } = site;
  const { timeoutMs, intervalMs, inARow } = settings.health;
  const probes: Probe[] = [];
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const process = await findProcess(layout, to.colour);
    if (!process) throw await unhealthy(site, to, 'it ended by itself');
    probes.push(await probeReadiness(socketPath(layout, to), settings.service.readyPath));
    const verdict = judgeHealth({ ...to, pid: process.pid }, probes, inARow);
    if (verdict.kind === 'healthy') return refuseWrongMark(site, to);
    if (verdict.kind === 'refused') throw await unhealthy(site, to, verdict.reason);
    if (performance.now() > deadline)
      throw await unhealthy(site, to, `after ${timeoutMs} ms: ${verdict.reason}`);
    await sleep(intervalMs);
  }
}

/** Its answers must be told from the other colour's, or the switch could not be verified. */
async function refuseWrongMark(site: Site, to: Target): Promise<void> {
  const { verify: limits, nginx } = site.settings;
  const endpoint = { socketPath: socketPath(site.layout, to) };
  const release = await releaseAnswering(endpoint, limits.path, { host: nginx.serverName });
  if (release === to.release) return;
  throw await unhealthy(site, to, `${limits.path} is answered with X-Release ${release ?? 'missing'}`);
}

async function unhealthy({ layout }: Site, to: Target, why: string): Promise<DeployError> {
  const details = await lastLines(logFile(layout, to), SHOWN_LINES);
  return new DeployError('unhealthy', { what: `${nameOf(to)} is not healthy: ${why}.`, details });
}

async function record(site: Site, { to }: Readonly<{ to: Target }>): Promise<void> {
  const release = await lookUp(site, to.release);
  const { state } = await readState(site.layout.stateFile);
  const live = { ...to, fingerprint: release?.fingerprint ?? '' };
  await writeState(site.layout.stateFile, afterSwitch(state, live, new Date().toISOString()));
}

async function drain(site: Site, { from }: Readonly<{ from: Target }>): Promise<string> {
  const { settings, layout } = site;
  const { minMs, timeoutMs, intervalMs, inARow } = settings.drain;
  const inFlight: number[] = [];
  const begin = performance.now();
  for (;;) {
    const elapsedMs = performance.now() - begin;
    if (isDrained(inFlight, elapsedMs, { minMs, inARow })) return 'nothing under way';
    if ((await findProcess(layout, from.colour)) === null) return 'it has ended by itself';
    if (elapsedMs > timeoutMs) return `${inFlight.at(-1) ?? 0} still under way after ${timeoutMs} ms`;
    inFlight.push(await requestsInFlight(socketPath(layout, from), settings.service.livePath));
    if (inFlight.at(-1) !== inFlight.at(-2)) await writeMetrics(site, inFlight.at(-1));
    await sleep(intervalMs);
  }
}

async function stop({ settings, layout }: Site, { from }: Readonly<{ from: Target }>): Promise<string> {
  const how = await stopProcess(layout, from.colour, settings.stop.timeoutMs);
  if (how !== 'killed') return how;
  return `did not end within ${settings.stop.timeoutMs} ms of SIGTERM: killed`;
}
