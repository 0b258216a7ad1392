import { FirstSlice1763596800000 } from './1763596800000-first-slice';
import { Identity1763683200000 } from './1763683200000-identity';
import { Identities1763683200020 } from './1763683200020-identities';

/** Every migration, oldest first. Listed by import: a glob would also run what an old build left behind. */
export const MIGRATIONS = [FirstSlice1763596800000, Identity1763683200000, Identities1763683200020] as const;
