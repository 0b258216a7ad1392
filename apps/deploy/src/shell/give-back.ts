import { nameOf, type Target } from '../core/colour';
import { DeployError } from '../core/errors';
import { driverOf, findProcess } from './drivers/driver';
import { lastLines } from './files';
import type { Site } from './site';
import { trafficOf } from './traffic/traffic';

/** Lines of a log that a person is shown when something fails. */
export const SHOWN_LINES = 15;

/**
 * Gives the traffic back to what served before, if that still lives. Everything else that undoing takes comes after
 * this: people are served in the meantime.
 *
 * @param what what is wrong with the new release, in words
 * @param log a file that shows it; unset: the log of the new release
 * @returns the error that ends the run
 */
export async function giveBack(
  site: Site,
  { to, from }: Readonly<{ to: Target; from: Target | null }>,
  { what, log }: Readonly<{ what: string; log?: string }>,
): Promise<DeployError> {
  const refusal = from && (await findProcess(site, from.colour)) ? await point(site, from) : null;
  if (refusal)
    return refusal.with(
      { what: `${what} The traffic cannot be given back: ${refusal.message}` },
      'unhealthy',
    );
  const details = log
    ? await lastLines(log, SHOWN_LINES)
    : await driverOf(site).lastLines(site, to, SHOWN_LINES);
  return new DeployError('unhealthy', { what, details });
}

/** @returns why it cannot be done: nginx may refuse what another site has changed meanwhile */
async function point(site: Site, from: Target): Promise<DeployError | null> {
  try {
    await trafficOf(site).point(site, from);
    return null;
  } catch (error) {
    if (error instanceof DeployError) return error;
    throw error;
  }
}

/** A process that ended after it had been healthy. */
export function itsProcessEnded(to: Target): string {
  return `${nameOf(to)} was switched to, and its process ended.`;
}
