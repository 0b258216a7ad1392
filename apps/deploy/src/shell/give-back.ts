import { nameOf, type Target } from '../core/colour';
import { DeployError } from '../core/errors';
import { logFile } from '../core/layout';
import { lastLines } from './files';
import { pointLinkAt } from './live-link';
import { findProcess } from './processes';
import type { Site } from './site';

/** Lines of a log that a person is shown when something fails. */
export const SHOWN_LINES = 15;

/**
 * Gives the traffic back to what served before, if that still lives. Everything else that undoing takes comes after
 * this: people are served in the meantime.
 *
 * @param what what is wrong with the new release, in words
 * @returns the error that ends the run
 */
export async function giveBack(
  { layout }: Site,
  { to, from }: Readonly<{ to: Target; from: Target | null }>,
  { what, log = logFile(layout, to) }: Readonly<{ what: string; log?: string }>,
): Promise<DeployError> {
  if (from && (await findProcess(layout, from.colour))) await pointLinkAt(layout.liveLink, from);
  return new DeployError('unhealthy', { what, details: await lastLines(log, SHOWN_LINES) });
}

/** A process that ended after it had been healthy. */
export function itsProcessEnded(to: Target): string {
  return `${nameOf(to)} was switched to, and its process ended.`;
}
