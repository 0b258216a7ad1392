import { describe, type Action } from '../core/action';
import { strikesAt, type Fault } from '../core/fault';
import type { StepRecord } from '../core/receipt';
import { appendJournal } from './journal-file';
import type { Reporter } from './reporter';
import type { Site } from './site';
import { perform } from './steps';

/** One command at work. */
export type Run = Readonly<{ site: Site; id: string; reporter: Reporter; fault: Fault | null }>;

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
): Promise<readonly StepRecord[]> {
  const done: StepRecord[] = [];
  for (const action of actions) done.push(await runAction(run, action, prefix));
  return done;
}

async function runAction(run: Run, action: Action, prefix: string): Promise<StepRecord> {
  const { site, id, reporter } = run;
  const step = `${prefix}${action.kind}`;
  const begin = performance.now();
  await appendJournal(site.layout.journalFile, { phase: 'before', run: id, step });
  if (prefix === '') await strike(run.fault, 'before', action);
  const note = (await perform(site, action)) || undefined;
  if (prefix === '') await strike(run.fault, 'after', action);
  await appendJournal(site.layout.journalFile, { phase: 'after', run: id, step });
  const ms = Math.round(performance.now() - begin);
  reporter.step(describe(action), ms, note);
  return { step, ms, note };
}

async function strike(fault: Fault | null, moment: Fault['moment'], { kind }: Action): Promise<void> {
  if (!strikesAt(fault, moment, kind)) return;
  if (fault.way === 'throw') throw new Error(`the fault ${moment}:${kind}:throw was asked for`);
  if (fault.way === 'kill9') process.kill(process.pid, 'SIGKILL');
  await new Promise((resolve) => setInterval(resolve, 2 ** 30));
}
