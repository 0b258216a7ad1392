import { readColour, type Colour } from '../core/colour';
import { DeployError } from '../core/errors';
import { liveTarget } from '../core/facts';
import { logFile } from '../core/layout';
import { gatherFacts } from '../shell/gather';
import { lastLines } from '../shell/files';
import { follow } from '../shell/follow';
import type { Session } from './session';

export type LogsWish = Readonly<{ colour?: string; lines: number; follow: boolean }>;
export type Logs = Readonly<{ file: string; lines: readonly string[] }>;

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
  const file = logFile(site.layout, { colour, release });
  if (wish.follow) await follow(file, wish.lines, reporter.say);
  return { file, lines: await lastLines(file, wish.lines) };
}

function nothingRuns(colour: Colour | undefined): DeployError {
  return new DeployError('usage', {
    what: colour ? `Nothing runs on ${colour}.` : 'Nothing serves.',
    next: 'npm run deploy -- status',
  });
}
