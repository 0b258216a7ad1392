import { extrasOf } from '../core/hooks';
import { nameOf } from '../core/colour';
import type { Unfinished } from '../core/journal';
import { planRollback, type LivePlan } from '../core/plan';
import type { Receipt } from '../core/receipt';
import { execute } from '../shell/execute';
import { gatherFacts } from '../shell/gather';
import { measured } from '../shell/migrate';
import { lookUp } from '../shell/releases';
import { settle, type Settled } from '../shell/settle';
import { alone } from './alone';
import type { Session } from './session';

const isNoRollback = ({ intent }: Unfinished) => intent !== 'rollback';

/**
 * Makes the release that served before live again; nobody has to type its id.
 * A deploy that somebody has cancelled is undone, and that is all: what served before it serves again.
 *
 * @throws DeployError when there is none, or its code is gone
 */
export async function rollback(session: Session): Promise<Receipt> {
  const { site, reporter } = session;
  return alone(session, 'rollback', async () => {
    const settled = await settle(session, [], isNoRollback);
    if (settled && isWhatWasWanted(settled)) return execute(session, nothingMore(settled));
    const { facts, notes } = await gatherFacts(site);
    notes.forEach(reporter.say);
    const previous = facts.state?.previous;
    const found = previous ? await lookUp(site, previous.release) : null;
    const release = found && (await measured(site, facts, found));
    return execute(session, planRollback(facts, release, extrasOf(site.settings)));
  });
}

/** The run before was undone, or it was itself this rollback and is finished now: a further step back is too far. */
function isWhatWasWanted({ direction, live, unfinished }: Settled): boolean {
  return live !== null && (direction === 'back') === isNoRollback(unfinished);
}

function nothingMore({ direction, live, unfinished }: Settled): LivePlan {
  const serves = live ?? unfinished.to;
  const note =
    direction === 'back'
      ? `The ${unfinished.intent} of ${nameOf(unfinished.to)} was undone: ${nameOf(serves)} is live. One more rollback goes one release further back.`
      : `The rollback before was finished: ${nameOf(serves)} is live.`;
  return { intent: 'rollback', from: serves, to: serves, actions: [], notes: [note] };
}
