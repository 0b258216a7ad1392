import type { MigrationInterface, QueryRunner } from 'typeorm';
import { addColumnIfMissing, addIndexIfMissing, dropColumnIfThere, dropIndexIfThere } from '../ddl';

const TABLE = 'ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci';
const ASCII = 'CHARACTER SET ascii COLLATE ascii_bin';
const EXACT = 'CHARACTER SET utf8mb4 COLLATE utf8mb4_bin';

const TABLES = {
  admin: `
    id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    account VARCHAR(100) ${EXACT} NOT NULL,
    password_hash VARCHAR(255) ${ASCII} NOT NULL,
    created_at DATETIME(3) NOT NULL,
    UNIQUE KEY admin_account (account)`,

  // token_hash is the SHA-256 of what the cookie holds.
  admin_session: `
    token_hash BINARY(32) NOT NULL PRIMARY KEY,
    admin_id INT UNSIGNED NOT NULL,
    expires_at DATETIME(3) NOT NULL,
    KEY admin_session_admin (admin_id),
    KEY admin_session_expires_at (expires_at),
    CONSTRAINT admin_session_admin FOREIGN KEY (admin_id) REFERENCES admin (id) ON DELETE CASCADE`,

  // Who asked for what, when and from where. Names the account itself: the trail outlives it.
  admin_audit: `
    id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    account VARCHAR(100) ${EXACT} NOT NULL,
    request VARCHAR(500) ${EXACT} NOT NULL,
    address VARCHAR(45) ${ASCII} NOT NULL,
    at DATETIME(3) NOT NULL,
    KEY admin_audit_at (at)`,

  // The first time that a member did something. No reference to the member: the numbers outlive it, and say nothing
  // of it. day is the day in Seoul.
  funnel_event: `
    member_id INT UNSIGNED NOT NULL,
    event VARCHAR(20) ${ASCII} NOT NULL,
    entry VARCHAR(5) ${ASCII} NULL,
    day DATE NOT NULL,
    at DATETIME(3) NOT NULL,
    PRIMARY KEY (member_id, event),
    KEY funnel_event_day (day, event, entry)`,
} as const;

// For counts and pages of the administrators' lists.
const INDEXES = [
  ['member', 'member_login_type', 'login_type'],
  ['study', 'study_opened', 'created_at'],
  ['study', 'study_reached', 'step, step_started_at'],
] as const;

// Seoul has known no other offset since 1988, and a server need not have the tables of the zones.
const DAY_OF = (instant: string) => `DATE(${instant} + INTERVAL 9 HOUR)`;
const ENTRY =
  "IF((SELECT COUNT(*) FROM participant q WHERE q.study_id = p.study_id) > 1, 'group', 'solo') AS entry";
const OF_TRANSITION = `
  SELECT p.member_id, ?, ${ENTRY}, ${DAY_OF('t.at')}, t.at
  FROM study_transition t JOIN participant p ON p.study_id = t.study_id`;
const EVENTS = 'INSERT IGNORE INTO funnel_event (member_id, event, entry, day, at)';

/** Administrators, their trail, and the way of the members into their first study. */
export class Admin1763683200050 implements MigrationInterface {
  readonly name = 'Admin1763683200050';

  async up(runner: QueryRunner): Promise<void> {
    for (const [name, columns] of Object.entries(TABLES)) {
      await runner.query(`CREATE TABLE IF NOT EXISTS ${name} (${columns}) ${TABLE}`);
    }
    // How a study was begun: alone or with others. NULL: it has not, or an older release began it.
    await addColumnIfMissing(runner, 'study', 'entry', `VARCHAR(5) ${ASCII} NULL`);
    for (const [table, index, columns] of INDEXES) await addIndexIfMissing(runner, table, index, columns);
    await fillFunnel(runner);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const [table, index] of INDEXES) await dropIndexIfThere(runner, table, index);
    await dropColumnIfThere(runner, 'study', 'entry');
    for (const name of Object.keys(TABLES).reverse()) await runner.query(`DROP TABLE IF EXISTS ${name}`);
  }
}

/** What happened before there was a funnel; the earliest of a member's comes first and keeps the others out. */
async function fillFunnel(runner: QueryRunner): Promise<void> {
  await runner.query(
    `${EVENTS} SELECT id, 'signed-up', NULL, ${DAY_OF('created_at')}, created_at FROM member`,
  );
  await runner.query(
    `${EVENTS} ${OF_TRANSITION} WHERE t.step = 'PLANNING' AND t.cycle = 1 ORDER BY t.at, p.id`,
    ['first-study'],
  );
  await runner.query(
    `${EVENTS} ${OF_TRANSITION} WHERE (t.step = 'PLANNING' AND t.cycle = 2) OR (t.step = 'DONE' AND t.cycle = 1)
     ORDER BY t.at, p.id`,
    ['first-cycle'],
  );
}
