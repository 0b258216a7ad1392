import type { Settled } from '../core/ending';
import { DeployError } from '../core/errors';
import { liveTarget, previousOf, type Facts } from '../core/facts';
import { extrasOf } from '../core/hooks';
import { nameOf, type Target } from '../core/colour';
import type { Unfinished } from '../core/journal';
import { planRollback, prepareNginx, type LivePlan } from '../core/plan';
import type { Receipt } from '../core/receipt';
import { execute } from '../shell/execute';
import { gatherFacts } from '../shell/gather';
import { measured } from '../shell/migrate';
import { lookUp } from '../shell/releases';
import { settle } from '../shell/settle';
import { alone } from './alone';
import type { Session } from './session';

const isNoRollback = ({ intent }: Unfinished) => intent !== 'rollback';

/**
 * Makes the release that served before live again; nobody has to type its id.
 * A deploy that somebody has cancelled is undone, and that is all: what served before it serves again.
 *
 * @param to unset: whichever it is; else nothing is done where it is live, and another one is refused
 * @throws DeployError when there is none, or its code is gone
 */
export async function rollback(session: Session, to?: string): Promise<Receipt> {
  const { site, reporter } = session;
  return alone(session, 'rollback', async () => {
    const settled = await settle(session, [], isNoRollback);
    const { facts, notes } = await gatherFacts(site);
    notes.forEach(reporter.say);
    if (to === undefined && settled && isWhatWasWanted(settled))
      return execute(session, nothingMore(settled, previousOf(facts)?.release));
    const live = liveTarget(facts);
    if (live && live.release === to) return execute(session, stay(facts, live));
    refuseOther(facts.state?.previous?.release, to);
    const previous = facts.state?.previous;
    const found = previous ? await lookUp(site, previous.release) : null;
    const release = found && (await measured(site, facts, found));
    return execute(session, planRollback(facts, release, extrasOf(site.settings, site.job)));
  });
}

/** A way back to the release that is live already. */
function stay(facts: Facts, live: Target): LivePlan {
  const notes = [`${nameOf(live)} is live already.`];
  return { intent: 'rollback', from: live, to: live, actions: prepareNginx(facts), notes };
}

function refuseOther(previous: string | undefined, to: string | undefined): void {
  if (to === undefined || to === previous) return;
  throw new DeployError('usage', {
    what: `The release before is ${previous ?? 'none'}, not ${to}.`,
    left: 'Nothing was changed.',
    next: `npm run deploy -- deploy ${to}`,
  });
}

/** The run before was undone, or it was itself this rollback and is finished now: a further step back is too far. */
function isWhatWasWanted({ direction, live, unfinished }: Settled): boolean {
  return live !== null && (direction === 'back') === isNoRollback(unfinished);
}

function nothingMore({ direction, live, unfinished }: Settled, previous: string | undefined): LivePlan {
  const serves = live ?? unfinished.to;
  const further = previous === undefined ? '' : ` One more rollback goes to ${previous}.`;
  const note =
    direction === 'back'
      ? `The ${unfinished.intent} of ${nameOf(unfinished.to)} was undone: ${nameOf(serves)} is live.${further}`
      : `The rollback before was finished: ${nameOf(serves)} is live.`;
  return { intent: 'rollback', from: serves, to: serves, actions: [], notes: [note] };
}
