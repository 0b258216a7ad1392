import { migrate } from '@app/database';
import { createConnection, type Connection, type RowDataPacket } from 'mysql2/promise';
import { createDatabase, type TestDatabase } from '../support/mariadb';

let database: TestDatabase;
let connection: Connection;
beforeAll(async () => {
  database = await createDatabase();
  await migrate(database.url);
  connection = await createConnection({
    socketPath: database.socket,
    user: 'root',
    database: database.name,
    timezone: 'Z',
    multipleStatements: true,
  });
});
afterAll(async () => {
  await connection.end();
  await database.drop();
});

/** Member 1 studied alone, then with 2; 3 joined a lobby that never began; 4 and 5 have done nothing. */
const BEFORE = `
  INSERT INTO member (id, name, login_type, created_at) VALUES
    (1, 'a', 'guest', '2026-03-01 14:59:59.999'), (2, 'b', 'google', '2026-03-01 15:00:00'),
    (3, 'c', 'guest', '2026-03-02'), (4, 'd', 'guest', '2026-03-02'), (5, 'e', 'kakao', '2026-03-02');
  INSERT INTO study (id, name, total_cycle, time_per_cycle, current_cycle, step, step_started_at, sequence, created_at) VALUES
    (1, 's', 1, 20, 1, 'DONE', '2026-03-03', 4, '2026-03-02'), (2, 's', 2, 20, 2, 'PLANNING', '2026-03-05', 4, '2026-03-04'),
    (3, 's', 1, 20, 1, 'WAITING', '2026-03-03', 0, '2026-03-02');
  INSERT INTO participant (study_id, member_id, nickname, is_host, created_at) VALUES
    (1, 1, 'a', 1, '2026-03-02'), (2, 1, 'a', 0, '2026-03-04'), (2, 2, 'b', 1, '2026-03-04'), (3, 3, 'c', 1, '2026-03-02');
  INSERT INTO study_transition (study_id, sequence, step, cycle, at) VALUES
    (2, 1, 'PLANNING', 1, '2026-03-04 01:00:00'), (2, 2, 'STUDYING', 1, '2026-03-04 02:00:00'),
    (2, 3, 'RETROSPECT', 1, '2026-03-04 03:00:00'), (2, 4, 'PLANNING', 2, '2026-03-04 15:00:00'),
    (1, 1, 'PLANNING', 1, '2026-03-02 01:00:00'), (1, 2, 'STUDYING', 1, '2026-03-02 02:00:00'),
    (1, 3, 'RETROSPECT', 1, '2026-03-02 03:00:00'), (1, 4, 'DONE', 1, '2026-03-02 14:59:59.999')`;

const EVENTS = [
  [1, 'first-cycle', 'solo', '2026-03-02'],
  [1, 'first-study', 'solo', '2026-03-02'],
  [1, 'signed-up', null, '2026-03-01'],
  [2, 'first-cycle', 'group', '2026-03-05'],
  [2, 'first-study', 'group', '2026-03-04'],
  [2, 'signed-up', null, '2026-03-02'],
  [3, 'signed-up', null, '2026-03-02'],
  [4, 'signed-up', null, '2026-03-02'],
  [5, 'signed-up', null, '2026-03-02'],
];

async function events(): Promise<unknown[]> {
  const [rows] = await connection.query<RowDataPacket[]>(
    'SELECT member_id, event, entry, CAST(day AS CHAR) AS day FROM funnel_event ORDER BY member_id, event',
  );
  return rows.map((row) => [row['member_id'], row['event'], row['entry'], row['day']] as unknown);
}

it('the funnel knows what happened before there was one, the earliest of each member, on the day in Seoul', async () => {
  await connection.query(BEFORE);
  await connection.query("DELETE FROM migration WHERE name LIKE 'Admin%'");
  expect(await migrate(database.url)).toEqual(['Admin1763683200050']);
  expect(await events()).toEqual(EVENTS);
});

it('a migration that was interrupted goes on, and counts nothing twice', async () => {
  await connection.query('DELETE FROM funnel_event WHERE member_id IN (2, 5)');
  await connection.query(
    'ALTER TABLE study DROP COLUMN entry, DROP INDEX study_reached; DROP TABLE admin_audit',
  );
  await connection.query("DELETE FROM migration WHERE name LIKE 'Admin%'");
  await migrate(database.url);
  expect(await events()).toEqual(EVENTS);
  const [columns] = await connection.query<RowDataPacket[]>("SHOW COLUMNS FROM study LIKE 'entry'");
  expect(columns).toHaveLength(1);
});
