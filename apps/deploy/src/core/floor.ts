import { z } from 'zod';
import { DeployError } from './errors';
import { RELEASE_ID } from './names';

const release = z.string().regex(RELEASE_ID);

/** As the state keeps it: contract migrations took something away, and what needs it cannot run any more. */
export const floorSchema = z.object({
  /** whose contract migrations they were */
  release,
  /** ISO instant at which they were begun */
  since: z.iso.datetime(),
  /** all contract migrations that were ever begun, by name */
  migrations: z.array(z.string()),
  /** releases that had served before, and need what is gone unless their own migrations say that they do not */
  below: z.array(release),
});

type Floor = Readonly<z.output<typeof floorSchema>>;

/** Releases that are remembered; older ones are told by their migrations, or long pruned. */
const MOST_BELOW = 500;

/** A release as far as the floor is concerned. `knows`: contract migrations that came with it; absent: nobody can tell. */
type Measured = Readonly<{ id: string; knows?: readonly string[] }>;

/**
 * The floor that contract migrations lay.
 *
 * @param begun the release whose they are, their names, and who has served before it
 * @param now ISO instant
 */
export function raiseFloor(
  before: Floor | null,
  begun: Readonly<{ release: string; migrations: readonly string[]; below: readonly string[] }>,
  now: string,
): Floor {
  const below = [...new Set([...(before?.below ?? []), ...begun.below])];
  return {
    release: begun.release,
    since: now,
    migrations: [...new Set([...(before?.migrations ?? []), ...begun.migrations])],
    below: below.filter((id) => id !== begun.release).slice(-MOST_BELOW),
  };
}

/** A release that brings all contract migrations along was written for what they leave; any other was not. */
export function isBelow(floor: Floor | null, { id, knows }: Measured): floor is Floor {
  if (!floor) return false;
  return knows ? !floor.migrations.every((name) => knows.includes(name)) : floor.below.includes(id);
}

/** @throws DeployError for a release that cannot run any more */
export function refuseBelow(floor: Floor | null, measured: Measured): void {
  if (!isBelow(floor, measured)) return;
  throw new DeployError('needsHuman', {
    what: `Release ${measured.id} cannot run any more: ${whatIsGone(floor)}.`,
    left: 'Nothing was changed; what serves goes on.',
    next: `deploy ${floor.release} or a later release; the data that is gone comes back only from a backup`,
  });
}

/** In words, for whoever wants to go back. */
export function whatIsGone({ release: by, since, migrations }: Floor): string {
  return `the contract migrations of ${by} (${migrations.join(', ')}) have taken away what it needs, on ${since}`;
}
