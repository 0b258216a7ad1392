import { Injectable } from '@nestjs/common';
import { Statements } from '@app/database';
import type { Bucket } from './bucket';

// Both arms tell what they wrote: a second statement would read what others have added meanwhile.
const ADD =
  'INSERT INTO request_count (bucket, window_number, calls, expires_at) VALUES (?, ?, LAST_INSERT_ID(1), ?) ' +
  'ON DUPLICATE KEY UPDATE calls = LAST_INSERT_ID(calls + 1)';
const PRUNE_BATCH = 1_000;
const PRUNE = `DELETE FROM request_count WHERE expires_at <= ? LIMIT ${PRUNE_BATCH}`;
/** Of one turn: whoever sends from very many addresses makes a row for each. */
const MAX_PRUNE_BATCHES = 1_000;

/** Counts in the database, which every process of an installation shares. */
@Injectable()
export class DatabaseCounts {
  constructor(private readonly statements: Statements) {}

  /** Counts one call. @returns how many there were in the window, this one included */
  add({ key, window }: Bucket): Promise<number> {
    return this.statements.updateAndGet(ADD, [key, window.number, new Date(window.endsAtMs)]);
  }

  /** Removes what nobody asks for any more. */
  async prune(now: Date): Promise<void> {
    for (let batches = 0; batches < MAX_PRUNE_BATCHES; batches += 1) {
      if ((await this.statements.update(PRUNE, [now])) < PRUNE_BATCH) return;
    }
  }
}
