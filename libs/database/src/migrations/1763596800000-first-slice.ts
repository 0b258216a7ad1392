import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLE = 'ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci';
const ASCII = 'CHARACTER SET ascii COLLATE ascii_bin';

const TABLES = {
  member: `
    id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    name VARCHAR(100) NOT NULL,
    email VARCHAR(320) NULL,
    image_url VARCHAR(2048) NULL,
    login_type VARCHAR(10) ${ASCII} NOT NULL,
    created_at DATETIME(3) NOT NULL`,

  // vacant_since: when the lobby was left empty (or made); NULL while somebody is in.
  study: `
    id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    creator_id INT UNSIGNED NULL,
    name VARCHAR(100) NOT NULL,
    total_cycle TINYINT UNSIGNED NOT NULL,
    time_per_cycle TINYINT UNSIGNED NOT NULL,
    current_cycle TINYINT UNSIGNED NOT NULL,
    step VARCHAR(10) ${ASCII} NOT NULL,
    step_started_at DATETIME(3) NOT NULL,
    sequence INT UNSIGNED NOT NULL,
    vacant_since DATETIME(3) NULL,
    created_at DATETIME(3) NOT NULL,
    KEY study_step (step),
    CONSTRAINT study_creator FOREIGN KEY (creator_id) REFERENCES member (id) ON DELETE SET NULL,
    CONSTRAINT study_step_known CHECK (step IN ('WAITING', 'PLANNING', 'STUDYING', 'RETROSPECT', 'DONE')),
    CONSTRAINT study_cycle_planned CHECK (current_cycle BETWEEN 1 AND total_cycle)`,

  // One row for each change of step, so that no change can happen twice.
  study_transition: `
    study_id INT UNSIGNED NOT NULL,
    sequence INT UNSIGNED NOT NULL,
    step VARCHAR(10) ${ASCII} NOT NULL,
    cycle TINYINT UNSIGNED NOT NULL,
    at DATETIME(3) NOT NULL,
    PRIMARY KEY (study_id, sequence),
    CONSTRAINT study_transition_study FOREIGN KEY (study_id) REFERENCES study (id)`,

  participant_code: `
    study_id INT UNSIGNED NOT NULL PRIMARY KEY,
    code CHAR(6) ${ASCII} NOT NULL,
    UNIQUE KEY participant_code_code (code),
    CONSTRAINT participant_code_study FOREIGN KEY (study_id) REFERENCES study (id)`,

  // Who has shown the code of a study, and who has just left it.
  invitation: `
    study_id INT UNSIGNED NOT NULL,
    member_id INT UNSIGNED NOT NULL,
    expires_at DATETIME(3) NOT NULL,
    left_at DATETIME(3) NULL,
    PRIMARY KEY (study_id, member_id),
    KEY invitation_expires_at (expires_at),
    CONSTRAINT invitation_study FOREIGN KEY (study_id) REFERENCES study (id),
    CONSTRAINT invitation_member FOREIGN KEY (member_id) REFERENCES member (id) ON DELETE CASCADE`,

  // host_of is the study for a host and NULL for everybody else: its key holds a study to one host.
  participant: `
    id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    study_id INT UNSIGNED NOT NULL,
    member_id INT UNSIGNED NOT NULL,
    nickname VARCHAR(100) NOT NULL,
    is_host TINYINT(1) NOT NULL,
    host_of INT UNSIGNED AS (IF(is_host = 1, study_id, NULL)) VIRTUAL,
    created_at DATETIME(3) NOT NULL,
    UNIQUE KEY participant_once (study_id, member_id),
    UNIQUE KEY participant_one_host (host_of),
    CONSTRAINT participant_study FOREIGN KEY (study_id) REFERENCES study (id),
    CONSTRAINT participant_member FOREIGN KEY (member_id) REFERENCES member (id)`,

  // plan and retrospect are JSON objects of texts; NULL is "not written". Two that were joined may be longer than one
  // that a client may send.
  content: `
    id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    participant_id INT UNSIGNED NOT NULL,
    cycle TINYINT UNSIGNED NOT NULL,
    plan MEDIUMTEXT NULL,
    retrospect MEDIUMTEXT NULL,
    UNIQUE KEY content_once (participant_id, cycle),
    CONSTRAINT content_participant FOREIGN KEY (participant_id) REFERENCES participant (id) ON DELETE CASCADE`,

  // \`key\` is the client's; fingerprint is the SHA-256 of the request that it first came with.
  idempotency_key: `
    member_id INT UNSIGNED NOT NULL,
    \`key\` VARCHAR(255) ${ASCII} NOT NULL,
    fingerprint BINARY(32) NOT NULL,
    answer TEXT NULL,
    created_at DATETIME(3) NOT NULL,
    PRIMARY KEY (member_id, \`key\`),
    KEY idempotency_key_created_at (created_at),
    CONSTRAINT idempotency_key_member FOREIGN KEY (member_id) REFERENCES member (id) ON DELETE CASCADE`,
} as const;

/** Members, studies and what belongs to them. `IF NOT EXISTS` lets it go on where an interrupted run stopped. */
export class FirstSlice1763596800000 implements MigrationInterface {
  readonly name = 'FirstSlice1763596800000';

  async up(runner: QueryRunner): Promise<void> {
    for (const [name, columns] of Object.entries(TABLES)) {
      await runner.query(`CREATE TABLE IF NOT EXISTS ${name} (${columns}) ${TABLE}`);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const name of Object.keys(TABLES).reverse()) await runner.query(`DROP TABLE IF EXISTS ${name}`);
  }
}
