import { nameOf } from './colour';
import { DeployError } from './errors';
import { movedColour, type Facts } from './facts';

/** @throws DeployError when the serving colour would be taken for a dead one */
export function refuseMoved(facts: Facts): void {
  const moved = movedColour(facts);
  if (!moved) return;
  throw new DeployError('needsHuman', {
    what: `${nameOf(moved)} serves, but not at the address that the settings give it: \`switch\` was changed.`,
    left: 'Nothing was changed; it keeps serving.',
    next: 'put `switch` back as it was; to change it, npm run deploy -- down with the old settings, then deploy',
  });
}
