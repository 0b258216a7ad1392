import { extrasOf } from '../core/hooks';
import { planDeploy } from '../core/plan';
import type { Receipt } from '../core/receipt';
import { execute } from '../shell/execute';
import { gatherFacts } from '../shell/gather';
import { findRelease } from '../shell/releases';
import { settle } from '../shell/settle';
import { alone } from './alone';
import type { Session } from './session';

/**
 * Makes a release live without dropping a request.
 *
 * @throws DeployError saying what serves now
 */
export async function deploy(session: Session, id: string): Promise<Receipt> {
  const { site, reporter } = session;
  const release = await findRelease(site, id);
  return alone(session, `deploy ${id}`, async () => {
    await settle(session);
    const { facts, notes } = await gatherFacts(site);
    notes.forEach(reporter.say);
    return execute(session, planDeploy(facts, release, extrasOf(site.settings)));
  });
}
