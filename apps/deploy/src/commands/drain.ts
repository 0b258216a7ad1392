import { nameOf, readColour, type Target } from '../core/colour';
import { DeployError } from '../core/errors';
import { liveTarget } from '../core/facts';
import { drainAndStop } from '../core/plan';
import { endPreview } from '../core/preview-plan';
import { gatherFacts } from '../shell/gather';
import { settle } from '../shell/settle';
import { alone } from './alone';
import { doNow } from './do-now';
import type { Session } from './session';

/**
 * Stops an idle colour when nothing is under way on it. Killed half way it leaves an idle colour that runs or does not:
 * nothing that a journal would have to know.
 *
 * @returns what was stopped; null when nothing ran there
 * @throws DeployError for the colour that has the traffic
 */
export async function drain(session: Session, name: string): Promise<Target | null> {
  const colour = readColour(name);
  const { site, reporter } = session;
  return alone(session, `drain ${colour}`, async () => {
    await settle(session);
    const { facts } = await gatherFacts(site);
    const { process } = facts.colours[colour];
    if (!process) {
      reporter.say(`Nothing runs on ${colour}.`);
      return null;
    }
    const from = { colour, release: process.release };
    if ([liveTarget(facts)?.colour, facts.link?.colour].includes(colour)) throw hasTraffic(from);
    await doNow(session, [...endPreview(facts, colour), ...drainAndStop(from)]);
    return from;
  });
}

function hasTraffic(from: Target): DeployError {
  return new DeployError('usage', {
    what: `${nameOf(from)} has the traffic: only an idle colour is drained.`,
    left: 'Nothing was changed.',
    next: 'deploy another release, or npm run deploy -- switch, first',
  });
}
