import type { ReleaseFacts } from './facts';
import type { HostLook } from './fleet';
import { extrasOf } from './hooks';
import { planDeploy, type Plan } from './plan';
import type { Settings } from './settings';

/**
 * What a deploy would do on a host that has not got the release yet.
 *
 * @param settings as they are on that host
 * @throws DeployError when the release would be refused there for what the host serves
 */
export function planUnsent({ status }: HostLook, release: ReleaseFacts, settings: Settings): Plan {
  const { unfinished, recovery, facts } = status;
  const sent = `${release.id} would be sent to it first; whether it is fit for that machine is known then.`;
  if (unfinished && recovery) {
    const note = `An earlier run did not finish (${recovery.why}): this comes first, then the deploy of ${release.id} is planned anew.`;
    return { ...recovery.plan, notes: [note, sent] };
  }
  const planned = planDeploy(facts, release, extrasOf(settings));
  return { ...planned, notes: [sent, ...planned.notes] };
}
