import type { Action, ActionKind } from '../core/action';
import type { Target } from '../core/colour';
import { DeployError } from '../core/errors';
import type { StepRecord } from '../core/receipt';
import { raiseFloor } from '../core/floor';
import { afterSwitch, afterUndoing } from '../core/state';
import { drain } from './drain';
import { driverOf } from './drivers/driver';
import { untilHealthy } from './health';
import { awaitGo, awaitKeep } from './host/gate';
import { runHook, runSmoke } from './hooks';
import { contract, expand } from './migrate';
import { configureNginx, startNginx } from './nginx';
import { endPreview, showPreview } from './preview';
import { identify } from './releases';
import type { Progress } from './reporter';
import type { Site } from './site';
import { readState, readStateBefore, writeState } from './state-file';
import { fetchRelease } from './store/fetch';
import { prune } from './store/prune';
import { refuseStaleUnits } from './systemd-files';
import { trafficOf } from './traffic/traffic';
import { standDown, standUp } from './standby';
import { verify } from './verify';
import { watch } from './watch';

/** What a step has to say for the receipt. */
export type Told = Omit<StepRecord, 'step' | 'ms'>;

type Step<K extends ActionKind> = (
  site: Site,
  action: Extract<Action, { kind: K }>,
  progress: Progress,
) => Promise<Told | string | void>;

/**
 * What each action does. Each can be done again after a crash: it leaves the same state whether it runs once, or
 * half and then once. A text that a step returns is its note.
 */
const STEPS: { readonly [K in ActionKind]: Step<K> } = {
  'configure-nginx': (site) => configureNginx(site),
  'start-nginx': (site) => startNginx(site),
  fetch: fetchRelease,
  migrate: expand,
  'raise-floor': layFloor,
  contract,
  start,
  health: (site, { to }, progress) => untilHealthy(site, to, progress),
  smoke: runSmoke,
  'pre-deploy': runHook,
  'post-health': runHook,
  'pre-switch': runHook,
  'post-switch': runHook,
  'post-deploy': runHook,
  preview: (site, { to, percent }) => showPreview(site, to, percent),
  'end-preview': endPreview,
  'await-go': awaitGo,
  'await-keep': awaitKeep,
  switch: switchTo,
  verify,
  watch,
  record,
  drain,
  stop,
  // A standby that fails is no reason to take a release back.
  'stand-down': (site) => standDown(site).catch(asNote),
  'stand-up': (site, { release }) => standUp(site, release).catch(asNote),
  prune,
};

/**
 * Does one action.
 *
 * @param progress told how far a long one has come
 * @throws DeployError when it cannot be done
 */
export function perform<K extends ActionKind>(
  site: Site,
  action: Extract<Action, { kind: K }>,
  progress: Progress = () => {},
): Promise<Told | string | void> {
  const step: Step<K> = STEPS[action.kind as K];
  return step(site, action, progress);
}

function asNote(error: unknown): string {
  if (error instanceof DeployError) return error.message;
  throw error;
}

async function start(site: Site, { to }: Readonly<{ to: Target }>): Promise<string> {
  await refuseStaleUnits(site);
  const { pid } = await driverOf(site).start(site, to);
  return `process ${pid}`;
}

async function switchTo(site: Site, { to }: Readonly<{ to: Target }>): Promise<Told> {
  const note = await trafficOf(site).point(site, to);
  return { ...(note ? { note } : {}), atMs: Date.now() };
}

async function record(site: Site, { to, undoes }: Readonly<{ to: Target; undoes?: string }>): Promise<void> {
  const { stateFile } = site.layout;
  const { state } = await readState(stateFile);
  // The code under a known id may have changed since it was started: what is recorded is what runs.
  const known = [state?.live, state?.previous].find((one) => one?.release === to.release);
  const { fingerprint, source } = known ?? (await identify(site, to.release));
  const live = { ...to, fingerprint, source };
  const now = new Date().toISOString();
  const isUndoing = undoes !== undefined && state?.live.release === undoes;
  const after = isUndoing
    ? afterUndoing(state, await readStateBefore(stateFile), live, now)
    : afterSwitch(state, live, now);
  await writeState(stateFile, after);
}

type Begun = Readonly<{ to: Target; migrations: readonly string[]; below: readonly string[] }>;

/** On the disk before anything is taken away: whoever comes after a crash must not start what may miss something. */
async function layFloor({ layout }: Site, { to, migrations, below }: Begun): Promise<void> {
  const { state } = await readState(layout.stateFile);
  if (!state) throw new Error('the state has gone since it was read');
  const now = new Date().toISOString();
  const floor = raiseFloor(state.floor, { release: to.release, migrations, below }, now);
  await writeState(layout.stateFile, { ...state, floor });
}

async function stop(site: Site, { from }: Readonly<{ from: Target }>): Promise<string> {
  const how = await driverOf(site).stop(site, from.colour);
  if (how !== 'killed') return how;
  return `did not end within ${site.settings.stop.timeoutMs} ms of SIGTERM: killed`;
}
