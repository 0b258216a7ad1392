import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLE = 'ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci';
const ASCII = 'CHARACTER SET ascii COLLATE ascii_bin';

// Why somebody left the service: nothing here says who.
const UNREGISTRATION = `
    id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    reason VARCHAR(2000) NOT NULL,
    login_type VARCHAR(10) ${ASCII} NOT NULL,
    member_for_days INT UNSIGNED NOT NULL,
    unregistered_on DATE NOT NULL,
    KEY unregistration_unregistered_on (unregistered_on)`;

/** By which guests who never came back are found. */
const INDEX = 'member_login_type_created_at';

/** Members who leave, and guests who end by themselves. */
export class Leaving1763683200010 implements MigrationInterface {
  readonly name = 'Leaving1763683200010';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE IF NOT EXISTS unregistration (${UNREGISTRATION}) ${TABLE}`);
    if (!(await hasIndex(runner)))
      await runner.query(`CREATE INDEX ${INDEX} ON member (login_type, created_at)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    if (await hasIndex(runner)) await runner.query(`DROP INDEX ${INDEX} ON member`);
    await runner.query('DROP TABLE IF EXISTS unregistration');
  }
}

/** MySQL has no CREATE INDEX IF NOT EXISTS. */
async function hasIndex(runner: QueryRunner): Promise<boolean> {
  const rows = (await runner.query(
    "SELECT 1 FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'member' AND INDEX_NAME = ?",
    [INDEX],
  )) as unknown[];
  return rows.length > 0;
}
