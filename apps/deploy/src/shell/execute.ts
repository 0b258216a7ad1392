import { loadOperator } from '@app/config';
import { userInfo } from 'node:os';
import { isSameTarget, nameOf, type Target } from '../core/colour';
import { endingOf, type Ending } from '../core/ending';
import type { DeployError } from '../core/errors';
import { liveTarget } from '../core/facts';
import type { LivePlan } from '../core/plan';
import { socketsOf, type Receipt } from '../core/receipt';
import { driverOf } from './drivers/driver';
import { gatherFacts } from './gather';
import { asHeard } from './heard';
import { runFailureHook } from './hooks';
import { keepReceipt } from './history-file';
import { asDeployError, refuseFullDisk } from './full-disk';
import { appendJournal, beginJournal } from './journal-file';
import { notify } from './notify';
import { startProber } from './prober';
import { runActions, type Context, type Run } from './run-plan';
import { settle } from './settle';

/**
 * Runs a plan from its first step to its receipt. When a step fails, the run is settled before the failure is told.
 *
 * @throws DeployError that says what serves now
 */
export async function execute(context: Context, plan: LivePlan): Promise<Receipt> {
  await refuseFullDisk(context.site.layout.stateDir);
  return conclude(context, plan, async (run) => {
    // Whoever studies meanwhile is asked for: nobody is there before a first release, and nothing happens without a switch
    // or a change of tables.
    const isNoticed = plan.from !== null && isAct(plan);
    const prober = isNoticed && run.site.settings.probe.everyMs > 0 ? startProber(run.site) : null;
    try {
      const ending = await asHeard(run, await carryOut(run, plan));
      return { ...ending, probe: await prober?.stop() };
    } finally {
      await prober?.stop();
    }
  });
}

/**
 * Ends a run that was refused before it began: it is in the history like any other, and whoever is told of runs is told.
 *
 * @throws DeployError always: the one that refuses it
 */
export async function refuse(context: Context, plan: LivePlan, error: DeployError): Promise<never> {
  const { from: live } = plan;
  await conclude(context, plan, async () => ({ outcome: 'undone', live, cause: error.message, error }));
  throw error;
}

async function conclude(
  context: Context,
  plan: LivePlan,
  work: (run: Run) => Promise<Ending>,
): Promise<Receipt> {
  const begun = new Date();
  const run: Run = { ...context, id: `${begun.toISOString()}-${process.pid}`, steps: [] };
  const ending = await work(run);
  const problem = ending.error ? await runFailureHook(run.site, plan, receiptOf(ending)) : null;
  const receipt = await keep(run, plan, { begun, ending, problem });
  const unheard = receipt.outcome === 'nothing-to-do' ? null : await notify(run.site, receipt);
  for (const note of [problem, unheard]) if (note !== null) run.reporter.say(`note: ${note}`);
  if (ending.error) throw ending.error;
  return receipt;
}

async function carryOut(run: Run, plan: LivePlan): Promise<Ending> {
  const { journalFile } = run.site.layout;
  const { intent, from, to } = plan;
  await beginJournal(journalFile, { phase: 'begin', run: run.id, intent, from, to });
  try {
    await runActions(run, plan.actions);
    await appendJournal(journalFile, { phase: 'end', run: run.id, outcome: 'done' });
    if (intent === 'preview') return { outcome: 'done', live: from };
    return { outcome: isAct(plan) ? 'done' : 'nothing-to-do', live: to };
  } catch (error) {
    return settleFailure(run, plan, asDeployError(error));
  }
}

async function settleFailure(run: Run, plan: LivePlan, error: DeployError): Promise<Ending> {
  const { site, reporter } = run;
  reporter.say(`  failed: ${error.message}`);
  try {
    if (error.kind === 'unhealthy') {
      await appendJournal(site.layout.journalFile, { phase: 'refused', run: run.id });
    }
    const settled = await settle(run, run.steps);
    return endingOf(plan, error, settled, driverOf(site).logOf(site, plan.to));
  } catch (second) {
    const live = await whatServes(run);
    const told = stuck(error, asDeployError(second), live);
    return { outcome: 'failed', live, cause: error.message, error: told };
  }
}

async function whatServes({ site }: Run): Promise<Target | null> {
  return gatherFacts(site).then(
    ({ facts }) => liveTarget(facts),
    () => null,
  );
}

function stuck(error: DeployError, second: DeployError, live: Target | null): DeployError {
  const what = `${error.message} and undoing it failed: ${second.message}`;
  const left = `${live ? `${nameOf(live)} serves` : 'nothing serves'}; the run is unfinished`;
  return error.with({ what, left, next: 'npm run deploy -- status' }, 'needsHuman');
}

type Course = Readonly<{ begun: Date; ending: Ending; problem: string | null }>;

async function keep(
  { site, id, steps, reporter }: Run,
  plan: LivePlan,
  { begun, ending, problem }: Course,
): Promise<Receipt> {
  const { intent, from, to, digest, notes } = plan;
  const finished = new Date();
  const receipt: Receipt = {
    run: id,
    intent,
    from,
    to,
    ...receiptOf(ending),
    digest,
    by: userInfo().username,
    askedBy: loadOperator() ?? undefined,
    startedAt: begun.toISOString(),
    finishedAt: finished.toISOString(),
    durationMs: finished.getTime() - begun.getTime(),
    steps,
    probe: ending.probe,
    sockets: socketsOf(steps),
    notes: problem === null ? notes : [...notes, problem],
  };
  await keepReceipt(site.layout.historyFile, receipt).catch((error: unknown) => {
    reporter.say(`note: this run is not in the history: ${asDeployError(error).message}`);
  });
  return receipt;
}

function receiptOf({ outcome, live, cause }: Ending): Pick<Receipt, 'outcome' | 'live' | 'error'> {
  return { outcome, live, error: cause };
}

/** Whether it changes what people meet. A link that is put right is no switch: the same release serves as before. */
function isAct({ actions, from, to }: LivePlan): boolean {
  const kinds = actions.map(({ kind }) => kind);
  return kinds.includes('contract') || (!isSameTarget(from, to) && kinds.includes('switch'));
}
