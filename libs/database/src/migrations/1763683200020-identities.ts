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

// Two texts may be joined into one that is longer than a client may send.
const CONTENT_COLUMNS = ['plan', 'retrospect'] as const;

/** What a provider told of somebody's name last, one identity of each provider, identities that two claim, joined texts. */
export class Identities1763683200020 implements MigrationInterface {
  readonly name = 'Identities1763683200020';

  async up(runner: QueryRunner): Promise<void> {
    // MySQL has no ADD COLUMN IF NOT EXISTS.
    if (!(await runner.hasColumn('identity', 'name'))) {
      await runner.query('ALTER TABLE identity ADD COLUMN name VARCHAR(100) NULL');
    }
    // Every collation of a text that both servers know takes 'a' and 'a ' for the same.
    await runner.query('ALTER TABLE identity MODIFY subject VARBINARY(255) NOT NULL');
    if (!(await hasIndex(runner, 'identity', 'identity_once'))) {
      await runner.query('ALTER TABLE identity ADD UNIQUE KEY identity_once (member_id, provider)');
    }
    await runner.query(`ALTER TABLE content ${modifyTo('MEDIUMTEXT')}`);
    await runner.query(`CREATE TABLE IF NOT EXISTS identity_claim (${CLAIM}) ${TABLE}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE IF EXISTS identity_claim');
    await runner.query(`ALTER TABLE content ${modifyTo('TEXT')}`);
    if (await hasIndex(runner, 'identity', 'identity_once')) {
      await runner.query('ALTER TABLE identity DROP KEY identity_once');
    }
    await runner.query(
      'ALTER TABLE identity MODIFY subject VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL',
    );
    if (await runner.hasColumn('identity', 'name'))
      await runner.query('ALTER TABLE identity DROP COLUMN name');
  }
}

function modifyTo(type: string): string {
  return CONTENT_COLUMNS.map((column) => `MODIFY ${column} ${type} NULL`).join(', ');
}

async function hasIndex(runner: QueryRunner, table: string, name: string): Promise<boolean> {
  const rows = (await runner.query(
    'SELECT 1 FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ? AND INDEX_NAME = ?',
    [table, name],
  )) as unknown[];
  return rows.length > 0;
}
