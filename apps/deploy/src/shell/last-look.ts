import type { Action } from '../core/action';
import { type Colour, type Target } from '../core/colour';
import { DeployError } from '../core/errors';
import { guarded, objectionTo } from '../core/guard';
import { findProcess } from './drivers/driver';
import { endpointOf } from './endpoints';
import { itsProcessEnded } from './give-back';
import type { Life } from './life';
import { whoAnswers } from './probe';
import type { Site } from './site';
import { trafficOf } from './traffic/traffic';

/**
 * Looks at the world once more, just before a step that could do harm in another one.
 *
 * @throws DeployError when the step must not be done any more
 */
export async function refuseInAnotherWorld(site: Site, action: Action): Promise<void> {
  const target = guarded(action);
  if (!target) return;
  const [traffic, serving] = await Promise.all([
    trafficOf(site).where(site),
    whatServesOn(site, target.colour),
  ]);
  const objection = objectionTo(action, { traffic, serving });
  if (objection === null) return;
  const kind = action.kind === 'switch' ? 'unhealthy' : 'needsHuman';
  throw new DeployError(kind, { what: `The step ${action.kind} was not done: ${objection}.` });
}

/**
 * Whoever was switched to may have died since it was watched. The other colour is not let go then: it is the way back.
 *
 * @param life of its process since the switch: one that a supervisor starts again and again may be there at each look
 * @throws DeployError when its process has ended
 */
export async function refuseWithoutSuccessor(reliedOn: Target | null, life: Life | null): Promise<void> {
  if (!reliedOn || !life) return;
  if ((await life())?.release === reliedOn.release) return;
  throw new DeployError('unhealthy', { what: itsProcessEnded(reliedOn) });
}

async function whatServesOn(site: Site, colour: Colour): Promise<Target | null> {
  const process = await findProcess(site, colour);
  if (!process) return null;
  const target = { colour, release: process.release };
  const answer = await whoAnswers(endpointOf(site, target), site.settings.service.livePath);
  return answer?.pid === process.pid ? target : null;
}
