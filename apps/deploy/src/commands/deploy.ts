import { DeployError } from '../core/errors';
import type { ReleaseFacts } from '../core/facts';
import { extrasOf } from '../core/hooks';
import { planDeploy } from '../core/plan';
import { planRefused } from '../core/refused-plan';
import type { Receipt } from '../core/receipt';
import { execute, refuse } from '../shell/execute';
import { gatherFacts } from '../shell/gather';
import { measured } from '../shell/migrate';
import { settle } from '../shell/settle';
import { refuseUnknown, type DeployRequest } from '../shell/store/inspect';
import { preflight } from '../shell/store/preflight';
import { clearDrafts } from '../shell/store/shelf';
import { alone } from './alone';
import type { Session } from './session';

/**
 * Makes a release live without dropping a request.
 *
 * @throws DeployError saying what serves now
 */
export async function deploy(session: Session, request: DeployRequest): Promise<Receipt> {
  const { site, reporter } = session;
  await refuseUnknown(site, request);
  return alone(session, `deploy ${request.id}`, async () => {
    await settle(session);
    await clearDrafts(site);
    const { facts, notes } = await gatherFacts(site);
    notes.forEach(reporter.say);
    const release = await preflight(site, facts, request).catch((error: unknown) => {
      if (!(error instanceof DeployError) || error.kind !== 'unhealthy') throw error;
      return refuse(session, planRefused(facts, request.id), error);
    });
    refuseOtherCode(release, site.job?.fingerprint ?? null);
    // Of several hosts one migrates.
    const ready = await measured(site, facts, release);
    const migrates = ready.migrates && site.job?.migrates !== false;
    return execute(session, planDeploy(facts, { ...ready, migrates }, extrasOf(site.settings, site.job)));
  });
}

/** What came over the wire must be what was sent. */
function refuseOtherCode({ id, fingerprint }: ReleaseFacts, sent: string | null): void {
  if (sent === null || fingerprint === sent) return;
  throw new DeployError('usage', {
    what: `Release ${id} is not the code here that it is on the coordinating machine (${fingerprint}, not ${sent}).`,
    left: 'Nothing was changed.',
    next: 'remove its folder on this host, and deploy again',
  });
}
