import type { MigrationInterface } from 'typeorm';
import { FirstSlice1763596800000 } from './1763596800000-first-slice';
import { Identity1763683200000 } from './1763683200000-identity';
import { Leaving1763683200010 } from './1763683200010-leaving';
import { Identities1763683200020 } from './1763683200020-identities';
import { OAuth1763683200025 } from './1763683200025-oauth';
import { RequestCount1763683200030 } from './1763683200030-request-count';
import { Records1763683200040 } from './1763683200040-records';
import { Admin1763683200050 } from './1763683200050-admin';

/**
 * `expand` only adds: it runs before a release gets traffic, beside the release before. `contract` takes away what the
 * releases before needed: it runs when none of them is alive and nobody wants to go back to them.
 */
export const PHASES = ['expand', 'contract'] as const;

export type Phase = (typeof PHASES)[number];

export type MigrationClass = new () => MigrationInterface;

export type MigrationSets = Readonly<Record<Phase, readonly MigrationClass[]>>;

/** How the name of each contract migration begins, and of no other: whoever finds one in a database knows what it was. */
export const CONTRACT_NAME = /^Contract/;

/** Every migration, oldest first. Listed by import: a glob would also run what an old build left behind. */
export const MIGRATIONS: MigrationSets = {
  expand: [
    FirstSlice1763596800000,
    Identity1763683200000,
    Leaving1763683200010,
    Identities1763683200020,
    OAuth1763683200025,
    RequestCount1763683200030,
    Records1763683200040,
    Admin1763683200050,
  ],
  contract: [],
};
