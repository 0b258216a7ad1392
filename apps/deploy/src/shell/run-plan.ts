import { describe, type Action } from '../core/action';
import type { Target } from '../core/colour';
import { strikesAt, type Fault } from '../core/fault';
import { reliedOnBy } from '../core/guard';
import type { StepRecord } from '../core/receipt';
import { refuseFullDisk } from './full-disk';
import { tell } from './host/job-folder';
import { appendJournal } from './journal-file';
import { lifeOf, type Life } from './life';
import { writeMetrics } from './metrics-file';
import { refuseInAnotherWorld, refuseWithoutSuccessor } from './last-look';
import type { Progress, Reporter } from './reporter';
import type { Site } from './site';
import { perform, type Told } from './steps';

/** What every step of a command needs. */
export type Context = Readonly<{ site: Site; reporter: Reporter; fault: Fault | null }>;

/** One command at work. `steps` grows: also when one fails, those before it are known. */
export type Run = Context & Readonly<{ id: string; steps: StepRecord[] }>;

/**
 * Does the actions in order. Each is announced in the journal before it begins and ticked off after its end.
 *
 * @param prefix marks the steps of a recovery, which are not those of the run itself
 * @throws whatever the first failing action throws
 */
export async function runActions(
  run: Run,
  actions: readonly Action[],
  prefix: '' | 'recover:' = '',
): Promise<void> {
  let successor: Life | null = null;
  for (const [index, action] of actions.entries()) {
    if (action.kind === 'switch') successor = await lifeOf(run.site, action.to);
    await timed(run, action, {
      prefix,
      progress: run.reporter.begin(describe(action), { index, total: actions.length }),
      reliedOn: reliedOnBy(actions, index),
      successor,
    });
    await writeMetrics(run.site);
  }
  if (prefix === '') await refuseWithoutSuccessor(reliedOnBy(actions, actions.length), successor);
}

type Manner = Readonly<{
  prefix: '' | 'recover:';
  progress: Progress;
  reliedOn: Target | null;
  successor: Life | null;
}>;

async function timed(run: Run, action: Action, manner: Manner): Promise<void> {
  const step = `${manner.prefix}${action.kind}`;
  const begin = performance.now();
  const elapsed = () => Math.round(performance.now() - begin);
  try {
    const told = await runAction(run, action, manner);
    run.reporter.step(describe(action), elapsed(), told.note);
    if (run.site.job) await tell(run.site.job.dir, { kind: 'step', step });
    run.steps.push({ step, ms: elapsed(), ...told });
  } catch (error) {
    run.reporter.abandon();
    const why = error instanceof Error ? error.message : String(error);
    run.steps.push({ step, ms: elapsed(), note: `failed: ${why}` });
    throw error;
  }
}

async function runAction(
  run: Run,
  action: Action,
  { prefix, progress, reliedOn, successor }: Manner,
): Promise<Told> {
  const { site, id } = run;
  const step = `${prefix}${action.kind}`;
  await appendJournal(site.layout.journalFile, { phase: 'before', run: id, step });
  if (prefix === '') await strike(run.fault, 'before', action);
  await refuseWithoutSuccessor(reliedOn, successor);
  await refuseInAnotherWorld(site, action);
  // Whatever has eaten the disk meanwhile: after a switch the state could not be written.
  if (prefix === '' && action.kind === 'switch') await refuseFullDisk(site.layout.stateDir);
  const told = (await perform(site, action, progress)) || {};
  if (prefix === '') await strike(run.fault, 'after', action);
  await appendJournal(site.layout.journalFile, { phase: 'after', run: id, step });
  return typeof told === 'string' ? { note: told } : told;
}

async function strike(fault: Fault | null, moment: Fault['moment'], { kind }: Action): Promise<void> {
  if (!strikesAt(fault, moment, kind)) return;
  if (fault.way === 'throw') throw new Error(`the fault ${moment}:${kind}:throw was asked for`);
  if (fault.way === 'kill9') process.kill(process.pid, 'SIGKILL');
  if (fault.way === 'stop') return void process.kill(process.pid, 'SIGSTOP');
  await new Promise((resolve) => setInterval(resolve, 2 ** 30));
}
