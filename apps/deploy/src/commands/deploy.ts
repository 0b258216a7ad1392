import { planDeploy } from '../core/plan';
import type { Receipt } from '../core/receipt';
import { execute } from '../shell/execute';
import { gatherFacts } from '../shell/gather';
import { withLock } from '../shell/lock';
import { findRelease } from '../shell/releases';
import { settle } from '../shell/settle';
import { prepareFolders } from '../shell/site';
import type { Session } from './session';

/**
 * Makes a release live without dropping a request.
 *
 * @throws DeployError saying what serves now
 */
export async function deploy(session: Session, id: string): Promise<Receipt> {
  const { site, reporter } = session;
  const release = await findRelease(site, id);
  await prepareFolders(site);
  return withLock(site.layout.lockFile, `deploy ${id}`, async () => {
    await settle(session);
    const { facts, notes } = await gatherFacts(site);
    notes.forEach(reporter.say);
    return execute(session, planDeploy(facts, release));
  });
}
