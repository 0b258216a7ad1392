import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How often something was asked for, in a window of time. bucket: a keyed hash of what is limited and whom it counts. */
export class RequestCount1763683200030 implements MigrationInterface {
  readonly name = 'RequestCount1763683200030';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE IF NOT EXISTS request_count (
      bucket BINARY(16) NOT NULL,
      window_number INT UNSIGNED NOT NULL,
      calls INT UNSIGNED NOT NULL,
      expires_at DATETIME(3) NOT NULL,
      PRIMARY KEY (bucket, window_number),
      KEY request_count_expires_at (expires_at)
    ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE IF EXISTS request_count');
  }
}
