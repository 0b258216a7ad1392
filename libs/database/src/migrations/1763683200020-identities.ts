import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLE = 'ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci';
const ASCII = 'CHARACTER SET ascii COLLATE ascii_bin';

// A member has proved to be somebody at a provider whom another member is already known by, and is asked what to do.
// token_hash is the SHA-256 of the confirmation, token_version the caller's when it was asked, choice what the caller
// chose, session_id the login that the choice led to.
const CLAIM = `
    token_hash BINARY(32) NOT NULL PRIMARY KEY,
    member_id INT UNSIGNED NOT NULL,
    token_version INT UNSIGNED NOT NULL,
    provider VARCHAR(10) ${ASCII} NOT NULL,
    subject VARBINARY(255) NOT NULL,
    choice VARCHAR(6) ${ASCII} NULL,
    session_id BINARY(16) NULL,
    expires_at DATETIME(3) NOT NULL,
    KEY identity_claim_member (member_id),
    KEY identity_claim_expires_at (expires_at),
    CONSTRAINT identity_claim_member FOREIGN KEY (member_id) REFERENCES member (id) ON DELETE CASCADE`;

/** Identities that two claim. */
export class Identities1763683200020 implements MigrationInterface {
  readonly name = 'Identities1763683200020';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE IF NOT EXISTS identity_claim (${CLAIM}) ${TABLE}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE IF EXISTS identity_claim');
  }
}
