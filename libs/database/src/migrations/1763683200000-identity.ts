import type { MigrationInterface, QueryRunner } from 'typeorm';
import { addColumnIfMissing, dropColumnIfThere } from '../ddl';

const TABLE = 'ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci';
const ASCII = 'CHARACTER SET ascii COLLATE ascii_bin';

// token_version: tokens of an earlier version are dead. unregistered_at: a member who has left; no personal data stays.
const MEMBER_COLUMNS = {
  nickname: 'VARCHAR(100) NULL',
  time_zone: `VARCHAR(64) ${ASCII} NOT NULL DEFAULT 'Asia/Seoul'`,
  token_version: 'INT UNSIGNED NOT NULL DEFAULT 0',
  unregistered_at: 'DATETIME(3) NULL',
} as const;

const TABLES = {
  // Who somebody is at a login provider. Never the e-mail: two people may share one, and one may change it. subject is
  // binary, since every collation of a text that both servers know takes 'a' and 'a ' for the same. name is what the
  // provider told last.
  identity: `
    provider VARCHAR(10) ${ASCII} NOT NULL,
    subject VARBINARY(255) NOT NULL,
    member_id INT UNSIGNED NOT NULL,
    name VARCHAR(100) NULL,
    linked_at DATETIME(3) NOT NULL,
    PRIMARY KEY (provider, subject),
    UNIQUE KEY identity_once (member_id, provider),
    CONSTRAINT identity_member FOREIGN KEY (member_id) REFERENCES member (id) ON DELETE CASCADE`,

  // One login on one device: a family of refresh tokens. token_hash is the SHA-256 of the token of \`generation\`.
  session: `
    id BINARY(16) NOT NULL PRIMARY KEY,
    member_id INT UNSIGNED NOT NULL,
    generation INT UNSIGNED NOT NULL,
    token_hash BINARY(32) NOT NULL,
    device VARCHAR(200) NULL,
    created_at DATETIME(3) NOT NULL,
    last_used_at DATETIME(3) NOT NULL,
    expires_at DATETIME(3) NOT NULL,
    KEY session_member (member_id),
    KEY session_expires_at (expires_at),
    CONSTRAINT session_member FOREIGN KEY (member_id) REFERENCES member (id) ON DELETE CASCADE`,

  // When the token of a generation was used for the first time.
  session_rotation: `
    session_id BINARY(16) NOT NULL,
    generation INT UNSIGNED NOT NULL,
    rotated_at DATETIME(3) NOT NULL,
    PRIMARY KEY (session_id, generation),
    KEY session_rotation_rotated_at (rotated_at),
    CONSTRAINT session_rotation_session FOREIGN KEY (session_id) REFERENCES session (id) ON DELETE CASCADE`,
} as const;

/** Accounts: who a member is at a login provider, and where they are logged in. */
export class Identity1763683200000 implements MigrationInterface {
  readonly name = 'Identity1763683200000';

  async up(runner: QueryRunner): Promise<void> {
    for (const [name, type] of Object.entries(MEMBER_COLUMNS)) {
      await addColumnIfMissing(runner, 'member', name, type);
    }
    for (const [name, columns] of Object.entries(TABLES)) {
      await runner.query(`CREATE TABLE IF NOT EXISTS ${name} (${columns}) ${TABLE}`);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const name of Object.keys(TABLES).reverse()) await runner.query(`DROP TABLE IF EXISTS ${name}`);
    for (const name of Object.keys(MEMBER_COLUMNS)) await dropColumnIfThere(runner, 'member', name);
  }
}
