import type { MigrationInterface, QueryRunner } from 'typeorm';
import { addColumnIfMissing, addIndexIfMissing, dropColumnIfThere, dropIndexIfThere } from '../ddl';
import { retryDeadlock } from '../transactor';

const TABLE = 'ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci';
/** Rows that one statement fills: those who use the service meanwhile wait for no longer than that. */
const BATCH = 5_000;

// token_hash is the SHA-256 of the token in the feed's address.
const FEED = `
  member_id INT UNSIGNED NOT NULL PRIMARY KEY,
  token_hash BINARY(32) NOT NULL,
  created_at DATETIME(3) NOT NULL,
  UNIQUE KEY calendar_feed_token (token_hash),
  CONSTRAINT calendar_feed_member FOREIGN KEY (member_id) REFERENCES member (id) ON DELETE CASCADE`;

const FILL =
  'UPDATE participant p JOIN study s ON s.id = p.study_id SET p.study_created_at = s.created_at ' +
  'WHERE p.id > ? AND p.id <= ? AND p.study_created_at IS NULL';

/**
 * Records of a member in the order of time, from one index: each participant knows when its study was opened, which
 * never changes. `NULL` is a row of the release before this one, which may still be writing.
 */
export class Records1763683200040 implements MigrationInterface {
  readonly name = 'Records1763683200040';
  /** Each batch is kept at once, so that an interrupted run has less left to do. */
  readonly transaction = false;

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE IF NOT EXISTS calendar_feed (${FEED}) ${TABLE}`);
    await addColumnIfMissing(runner, 'participant', 'study_created_at', 'DATETIME(3) NULL');
    await fill(runner);
    await addIndexIfMissing(
      runner,
      'participant',
      'participant_records',
      'member_id, study_created_at, study_id',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE IF EXISTS calendar_feed');
    // The foreign key of the member stands on the longer key: it needs one of its own again.
    await addIndexIfMissing(runner, 'participant', 'participant_member', 'member_id');
    await dropIndexIfThere(runner, 'participant', 'participant_records');
    await dropColumnIfThere(runner, 'participant', 'study_created_at');
  }
}

async function fill(runner: QueryRunner): Promise<void> {
  const [{ last }] = (await runner.query('SELECT COALESCE(MAX(id), 0) AS last FROM participant')) as [
    { last: number },
  ];
  for (let after = 0; after < last; after += BATCH)
    await retryDeadlock(() => runner.query(FILL, [after, after + BATCH]));
}
