import { FirstSlice1763596800000 } from './1763596800000-first-slice';
import { Identity1763683200000 } from './1763683200000-identity';
import { Leaving1763683200010 } from './1763683200010-leaving';
import { Identities1763683200020 } from './1763683200020-identities';
import { OAuth1763683200025 } from './1763683200025-oauth';
import { RequestCount1763683200030 } from './1763683200030-request-count';
import { Records1763683200040 } from './1763683200040-records';
import { Admin1763683200050 } from './1763683200050-admin';

/** Every migration, oldest first. Listed by import: a glob would also run what an old build left behind. */
export const MIGRATIONS = [
  FirstSlice1763596800000,
  Identity1763683200000,
  Leaving1763683200010,
  Identities1763683200020,
  OAuth1763683200025,
  RequestCount1763683200030,
  Records1763683200040,
  Admin1763683200050,
] as const;
