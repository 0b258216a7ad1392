import type { MigrationInterface, QueryRunner } from 'typeorm';

const ASCII = 'CHARACTER SET ascii COLLATE ascii_bin';

// A login that is under way at a provider. state_hash and browser_hash are SHA-256. No key to member: a login under way
// keeps nobody from leaving, and whoever is linked is looked up when it comes back.
const OAUTH_STATE = `
  state_hash BINARY(32) NOT NULL PRIMARY KEY,
  browser_hash BINARY(32) NOT NULL,
  provider VARCHAR(10) ${ASCII} NOT NULL,
  return_to VARCHAR(2048) ${ASCII} NOT NULL,
  link_to INT UNSIGNED NULL,
  expires_at DATETIME(3) NOT NULL,
  KEY oauth_state_expires_at (expires_at)`;

/** Logins by redirects: each is recognised once, by the browser that began it. */
export class OAuth1763683200025 implements MigrationInterface {
  readonly name = 'OAuth1763683200025';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE IF NOT EXISTS oauth_state (${OAUTH_STATE}) ENGINE=InnoDB`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE IF EXISTS oauth_state');
  }
}
