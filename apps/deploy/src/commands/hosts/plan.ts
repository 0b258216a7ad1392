import { DeployError } from '../../core/errors';
import type { ReleaseFacts } from '../../core/facts';
import { whyWrong } from '../../core/fitness';
import type { Standing } from '../../core/fleet';
import { planUnsent } from '../../core/fleet-plan';
import { settingsOn, type Host } from '../../core/host-settings';
import { parseSettings } from '../../core/settings';
import { allReached, lookAtAll } from '../../shell/remote/look-all';
import { lackingHosts, type Known } from '../../shell/remote/send-release';
import type { Site } from '../../shell/site';
import { inspect, refuseUnknown, type DeployRequest } from '../../shell/store/inspect';
import type { Session } from '../session';
import { askEach, askOne, summed, type Everywhere } from './everywhere';
import { areImages, imageOnAll, refuseNoImage } from './image';
import { wordsOf } from './together';

/**
 * What `deploy` would do on each host. The release is the one of this machine: hosts that lack it would be sent it, so that
 * their plans are made here, from what they say of themselves.
 *
 * @throws DeployError when it would be sent to none
 */
export async function planOnHosts(
  session: Session,
  hosts: readonly Host[],
  request: DeployRequest,
): Promise<Everywhere> {
  const { site } = session;
  const { id, digest } = request;
  if (areImages(site)) return planImage(session, hosts, request);
  await refuseUnknown(site, request);
  const { release, candidate } = await inspect(site, request);
  refuseWrong(id, whyWrong(candidate, digest));
  const known = allReached(await lookAtAll(site, hosts, id));
  const lacking = lackingHosts(site, release, known);
  const planOn = (host: Host): Promise<Standing> =>
    lacking.includes(host)
      ? Promise.resolve(planHere(site, host, release, known))
      : askOne(site, host, wordsOf('plan', request));
  return summed(await Promise.all(hosts.map(planOn)));
}

async function planImage(
  session: Session,
  hosts: readonly Host[],
  request: DeployRequest,
): Promise<Everywhere> {
  const { site } = session;
  refuseNoImage(site, request);
  imageOnAll(site, request.id, allReached(await lookAtAll(site, hosts, request.id)));
  return askEach(session, hosts, wordsOf('plan', request));
}

/** As the host would plan it, had it the release. */
function planHere(site: Site, host: Host, release: ReleaseFacts, known: readonly Known[]): Standing {
  const look = known.find((one) => one.host === host.name)?.look;
  const parsed = parseSettings(settingsOn(host, site.settings));
  if (!look || !parsed.ok) throw new Error(`${host.name} has not been looked at`);
  const ended = (exitCode: number, output: object): Standing => ({
    host: host.name,
    progress: { kind: 'ended', exitCode, output },
  });
  try {
    return ended(0, { ok: true, result: planUnsent(look, release, parsed.settings) });
  } catch (error) {
    if (!(error instanceof DeployError)) throw error;
    return ended(error.exitCode, { ok: false, error: error.trouble });
  }
}

/** No host would take it, whatever it is like. */
function refuseWrong(id: string, reasons: readonly string[]): void {
  if (reasons.length === 0) return;
  throw new DeployError('unhealthy', {
    what: `Release ${id} is refused: ${reasons.join('; ')}.`,
    left: 'Nothing was changed.',
    next: `mend what is named, then: npm run deploy -- plan ${id}`,
  });
}
