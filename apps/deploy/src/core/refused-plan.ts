import { idleColour, liveTarget, type Facts } from './facts';
import type { LivePlan } from './plan';

/** Of a release that is not fit for this machine: nothing is done. */
export function planRefused(facts: Facts, release: string): LivePlan {
  const to = { colour: idleColour(facts), release };
  return { intent: 'deploy', from: liveTarget(facts), to, actions: [], notes: [] };
}
