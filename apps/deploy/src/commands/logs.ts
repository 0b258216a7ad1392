import { readColour, type Colour } from '../core/colour';
import { DeployError } from '../core/errors';
import { liveTarget } from '../core/facts';
import { gatherFacts } from '../shell/gather';
import { driverOf } from '../shell/drivers/driver';
import type { Session } from './session';

type LogsWish = Readonly<{ colour?: string; lines: number; follow: boolean }>;
export type Logs = Readonly<{
  /** a file, or the command that shows it */ file: string;
  lines: readonly string[];
}>;

/**
 * The last lines of what a colour has written, and with `follow` all that it goes on to write, until interrupted.
 *
 * @throws DeployError when nothing runs there
 */
export async function logs({ site, reporter }: Session, wish: LogsWish): Promise<Logs> {
  const { facts } = await gatherFacts(site);
  const colour = wish.colour === undefined ? liveTarget(facts)?.colour : readColour(wish.colour);
  const release = colour && facts.colours[colour].process?.release;
  if (!colour || !release) throw nothingRuns(colour);
  const driver = driverOf(site);
  const target = { colour, release };
  if (wish.follow) await driver.follow(site, target, wish.lines, reporter.say);
  return { file: driver.logOf(site, target), lines: await driver.lastLines(site, target, wish.lines) };
}

function nothingRuns(colour: Colour | undefined): DeployError {
  return new DeployError('usage', {
    what: colour ? `Nothing runs on ${colour}.` : 'Nothing serves.',
    next: 'npm run deploy -- status',
  });
}
