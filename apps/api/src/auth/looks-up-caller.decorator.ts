import { SetMetadata } from '@nestjs/common';

export const LOOKS_UP_CALLER = 'looksUpCaller';

/**
 * For hot routes: their one statement reads the caller's state with the data and hands it to `refuseEnded`, so that the
 * guard need not ask the database first.
 */
export const LooksUpCaller = () => SetMetadata(LOOKS_UP_CALLER, true);
