import type { MigrationInterface, QueryRunner } from 'typeorm';
import { addIndexIfMissing, dropIndexIfThere } from '../ddl';

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
    await addIndexIfMissing(runner, 'member', INDEX, 'login_type, created_at');
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropIndexIfThere(runner, 'member', INDEX);
    await runner.query('DROP TABLE IF EXISTS unregistration');
  }
}
