import { extrasOf } from '../core/hooks';
import { planSwitch } from '../core/plan';
import type { Receipt } from '../core/receipt';
import { execute } from '../shell/execute';
import { gatherFacts } from '../shell/gather';
import { settle } from '../shell/settle';
import { alone } from './alone';
import type { Session } from './session';

/**
 * Moves the traffic to the other colour, which runs already, and leaves the one before running.
 *
 * @throws DeployError when there is nothing to switch to, or it is not healthy
 */
export async function switchOver(session: Session): Promise<Receipt> {
  const { site, reporter } = session;
  return alone(session, 'switch', async () => {
    await settle(session);
    const { facts, notes } = await gatherFacts(site);
    notes.forEach(reporter.say);
    return execute(session, planSwitch(facts, extrasOf(site.settings, site.job)));
  });
}
