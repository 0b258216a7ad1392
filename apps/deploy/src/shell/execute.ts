import { userInfo } from 'node:os';
import { nameOf } from '../core/colour';
import { DeployError } from '../core/errors';
import { liveTarget } from '../core/facts';
import { logFile } from '../core/layout';
import type { LivePlan } from '../core/plan';
import type { Receipt, StepRecord } from '../core/receipt';
import { gatherFacts } from './gather';
import { keepReceipt } from './history-file';
import { appendJournal, beginJournal } from './journal-file';
import { runActions, type Run } from './run-plan';
import { settle, type Settled } from './settle';

type Context = Omit<Run, 'id'>;

/**
 * Runs a plan from its first step to its receipt. When a step fails, the run is settled before the failure is told.
 *
 * @throws DeployError that says what serves now
 */
export async function execute(context: Context, plan: LivePlan): Promise<Receipt> {
  const begun = new Date();
  const run: Run = { ...context, id: `${begun.toISOString()}-${process.pid}` };
  const { journalFile } = run.site.layout;
  const { intent, from, to } = plan;
  await beginJournal(journalFile, { phase: 'begin', run: run.id, intent, from, to });
  try {
    const steps = await runActions(run, plan.actions);
    await appendJournal(journalFile, { phase: 'end', run: run.id, outcome: 'done' });
    const outcome = plan.actions.some(({ kind }) => kind === 'switch') ? 'done' : 'nothing-to-do';
    return await keep(run, plan, begun, { outcome, steps, live: to });
  } catch (error) {
    throw await settleFailure(run, plan, begun, asDeployError(error));
  }
}

async function settleFailure(
  run: Run,
  plan: LivePlan,
  begun: Date,
  error: DeployError,
): Promise<DeployError> {
  run.reporter.say(`  failed: ${error.message}`);
  if (error.kind === 'unhealthy') {
    await appendJournal(run.site.layout.journalFile, { phase: 'refused', run: run.id });
  }
  try {
    const settled = await settle(run);
    const live = settled?.live ?? null;
    const told = explain(run, plan, error, settled);
    await keep(run, plan, begun, { outcome: 'undone', steps: [], live, error: error.message });
    return told;
  } catch (second) {
    const live = await gatherFacts(run.site).then(
      ({ facts }) => liveTarget(facts),
      () => null,
    );
    await keep(run, plan, begun, { outcome: 'failed', steps: [], live, error: error.message });
    const also = `and undoing it failed: ${asDeployError(second).message}`;
    const left = `${live ? `${nameOf(live)} serves` : 'nothing serves'}; the run is unfinished`;
    return error.with(
      { what: `${error.message} ${also}`, left, next: 'npm run deploy -- status' },
      'needsHuman',
    );
  }
}

function explain(
  { site }: Run,
  { from, to }: LivePlan,
  error: DeployError,
  settled: Settled | null,
): DeployError {
  const live = settled?.live ?? null;
  const isLost = error.kind === 'unhealthy' && from !== null && live === null;
  const left = live
    ? `${nameOf(live)} serves${settled?.direction === 'back' ? ' as before' : ', since nothing else does'}.`
    : 'Nothing serves.';
  const next = `read ${logFile(site.layout, to)}, then deploy a corrected release; npm run deploy -- status shows all`;
  return error.with({ left, next: error.trouble.next ?? next }, isLost ? 'needsHuman' : error.kind);
}

type Ending = Pick<Receipt, 'outcome' | 'live' | 'error'> & Readonly<{ steps: readonly StepRecord[] }>;

async function keep({ site, id }: Run, plan: LivePlan, begun: Date, ending: Ending): Promise<Receipt> {
  const { intent, from, to, notes } = plan;
  const finished = new Date();
  const receipt: Receipt = {
    run: id,
    intent,
    from,
    to,
    by: userInfo().username,
    startedAt: begun.toISOString(),
    finishedAt: finished.toISOString(),
    durationMs: finished.getTime() - begun.getTime(),
    notes,
    ...ending,
  };
  await keepReceipt(site.layout.historyFile, receipt);
  return receipt;
}

function asDeployError(error: unknown): DeployError {
  if (error instanceof DeployError) return error;
  const stack = error instanceof Error ? (error.stack ?? '').split('\n') : [];
  return new DeployError('bug', { what: String(error), details: stack });
}
