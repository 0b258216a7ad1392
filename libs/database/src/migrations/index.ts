import { FirstSlice1763596800000 } from './1763596800000-first-slice';

/** Every migration, oldest first. Listed by import: a glob would also run what an old build left behind. */
export const MIGRATIONS = [FirstSlice1763596800000] as const;
