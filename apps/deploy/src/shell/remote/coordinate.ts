import { loadOperator } from '@app/config';
import { mkdir } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { DeployError, type ExitCode } from '../../core/errors';
import { exitCodeOf, skewMs } from '../../core/fleet';
import { howLeft } from '../../core/fleet-end';
import { hostRunOf, outcomeOf, probeOf } from '../../core/fleet-receipt';
import { kindOf } from '../../core/errors';
import type { Intent, HostRun, Receipt } from '../../core/receipt';
import { keepReceipt } from '../history-file';
import { withLock } from '../lock';
import { notify } from '../notify';
import type { Reporter } from '../reporter';
import type { Site } from '../site';
import { readMemory, remember } from './fleet-file';
import { runTogether, standingOf } from './run-together';

export type Wish = Readonly<{ intent: Intent; words: readonly string[]; release: string; digest?: string }>;

type Context = Readonly<{ site: Site; reporter: Reporter }>;

/** One machine coordinates one run at a time; each host has its own lock besides. */
export async function coordinating<T>(
  { site }: Context,
  command: string,
  work: () => Promise<T>,
): Promise<T> {
  await mkdir(site.layout.stateDir, { recursive: true });
  return withLock(site.layout.lockFile, command, work);
}

/**
 * Runs a command on all hosts, so that all switch or none, and keeps its receipt here; each host keeps its own.
 *
 * @throws DeployError that says how each host was left
 */
export async function coordinate({ site, reporter }: Context, wish: Wish): Promise<Receipt> {
  const begun = new Date();
  const { hosts } = site.settings;
  const jobs = await runTogether({ site, reporter, hosts, ...wish });
  const runs = jobs.map((job) => hostRunOf(standingOf(job), job.clock));
  const skew = skewMs(runs.map(({ switchedAtMs }) => switchedAtMs));
  const code = exitCodeOf(jobs.map(standingOf));
  await rememberEnd(site, wish, runs, skew);
  const receipt = receiptOf(wish, { begun, runs, skew, code });
  await keepReceipt(site.layout.historyFile, receipt);
  const unheard = receipt.outcome === 'nothing-to-do' ? null : await notify(site, receipt);
  if (unheard !== null) reporter.say(`note: ${unheard}`);
  if (code !== 0) throw failure(receipt, code);
  return receipt;
}

/** A host that did not come along, when others did, is known by name until it is seen with the release. */
async function rememberEnd(
  site: Site,
  { release }: Wish,
  runs: readonly HostRun[],
  skew: number | null,
): Promise<void> {
  const { behind: before, skewMs: lastSkew } = await readMemory(site);
  const since = new Date().toISOString();
  const isDone = (outcome: HostRun['outcome']) => outcome === 'done' || outcome === 'nothing-to-do';
  const isMoved = runs.some(({ outcome }) => isDone(outcome));
  const left = isMoved ? runs.filter(({ outcome }) => !isDone(outcome)) : [];
  const behind = isMoved ? left.map(({ host }) => ({ host, release, since })) : before;
  await remember(site, { run: null, behind, skewMs: skew ?? lastSkew });
}

type Course = Readonly<{ begun: Date; runs: readonly HostRun[]; skew: number | null; code: ExitCode }>;

function receiptOf({ intent, release, digest }: Wish, { begun, runs, skew, code }: Course): Receipt {
  const finished = new Date();
  const wrong = runs.flatMap(({ host, error }) => (error === undefined ? [] : [`${host}: ${error}`]));
  return {
    run: `${begun.toISOString()}-${process.pid}`,
    intent,
    outcome: outcomeOf(runs),
    from: null,
    to: null,
    live: null,
    digest,
    by: userInfo().username,
    askedBy: loadOperator() ?? undefined,
    startedAt: begun.toISOString(),
    finishedAt: finished.toISOString(),
    durationMs: finished.getTime() - begun.getTime(),
    steps: [],
    notes: [],
    ...(code === 0 ? {} : { error: wrong.join('; ') }),
    probe: probeOf(runs),
    release,
    hosts: runs,
    skewMs: skew,
  };
}

function failure(receipt: Receipt, code: ExitCode): DeployError {
  const { release = '', hosts = [], intent } = receipt;
  return new DeployError(kindOf(code), {
    what: `${intent} ${release} did not succeed on all ${hosts.length} hosts:`,
    details: hosts.map(({ host, outcome, error = 'well' }) => `${host}: ${outcome}: ${error}`),
    hosts,
    ...howLeft({ intent, release, hosts }),
  });
}
