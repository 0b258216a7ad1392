import { extrasOf } from '../core/hooks';
import { planRollback } from '../core/plan';
import type { Receipt } from '../core/receipt';
import { execute } from '../shell/execute';
import { gatherFacts } from '../shell/gather';
import { lookUp } from '../shell/releases';
import { settle } from '../shell/settle';
import { alone } from './alone';
import type { Session } from './session';

/**
 * Makes the release that served before live again; nobody has to type its id.
 *
 * @throws DeployError when there is none, or its code is gone
 */
export async function rollback(session: Session): Promise<Receipt> {
  const { site, reporter } = session;
  return alone(session, 'rollback', async () => {
    await settle(session);
    const { facts, notes } = await gatherFacts(site);
    notes.forEach(reporter.say);
    const previous = facts.state?.previous;
    const release = previous ? await lookUp(site, previous.release) : null;
    return execute(session, planRollback(facts, release, extrasOf(site.settings)));
  });
}
