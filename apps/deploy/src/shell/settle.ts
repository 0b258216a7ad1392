import type { Settled } from '../core/ending';
import { liveTarget } from '../core/facts';
import { DeployError } from '../core/errors';
import { refuseMoved } from '../core/refusals';
import { recover, type Recovery } from '../core/recovery';
import type { Unfinished } from '../core/journal';
import { gatherFacts } from './gather';
import { appendJournal, readUnfinished } from './journal-file';
import { runActions, type Context, type Run } from './run-plan';
import type { StepRecord } from '../core/receipt';

/**
 * Brings the run that the journal says is unfinished to its end. A failed run and a dead deployer are settled by the
 * same code: after both, only the journal and what really runs are believed.
 *
 * @param steps what it takes is added here
 * @param isUnwanted which runs whoever comes next wants to have undone, even verified ones
 * @returns null when there is none
 * @throws DeployError when it cannot be settled; the journal keeps it for the next command
 */
export async function settle(
  context: Context,
  steps: StepRecord[] = [],
  isUnwanted: (unfinished: Unfinished) => boolean = () => false,
): Promise<Settled | null> {
  const { site, reporter } = context;
  const unfinished = await readUnfinished(site.layout.journalFile);
  if (!unfinished) return null;
  const { facts } = await gatherFacts(site, unfinished.from?.colour);
  refuseMoved(facts);
  const recovery = recover(unfinished, facts, isUnwanted(unfinished));
  const { direction, why } = recovery;
  reporter.say(`${direction === 'forward' ? 'Finishing' : 'Undoing'} what was begun: ${why}.`);
  await carryOut({ ...context, steps }, unfinished, recovery);
  return { direction, why, unfinished, live: liveTarget((await gatherFacts(site)).facts) };
}

async function carryOut(context: Omit<Run, 'id'>, { run }: Unfinished, recovery: Recovery): Promise<void> {
  const { direction, plan } = recovery;
  try {
    await runActions({ ...context, id: run }, plan.actions, 'recover:');
    await appendJournal(context.site.layout.journalFile, { phase: 'end', run, outcome: direction });
  } catch (error) {
    if (!(error instanceof DeployError)) throw error;
    const what = `What was begun cannot be ${direction === 'forward' ? 'finished' : 'undone'}: ${error.message}`;
    throw error.with(
      { what, left: 'The run stays unfinished.', next: 'npm run deploy -- status' },
      'needsHuman',
    );
  }
}
