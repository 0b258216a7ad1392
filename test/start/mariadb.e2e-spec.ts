import { createConnection } from 'mysql2/promise';
import { createDatabase, startOwnMariadb, type OwnMariadb } from '../support/mariadb';

const query = async (url: string, sql: string): Promise<unknown> => {
  const connection = await createConnection(url);
  const [rows] = await connection.query(sql);
  await connection.end();
  return rows;
};

describe('the database server of the tests', () => {
  it('gives every test file a schema of its own', async () => {
    const [one, other] = await Promise.all([createDatabase(), createDatabase()]);
    await query(one.url, 'CREATE TABLE note (id INT)');

    expect(await query(other.url, 'SHOW TABLES')).toEqual([]);
    await Promise.all([one.drop(), other.drop()]);
  });

  it('runs in UTC and tells a sushi from a beer', async () => {
    const database = await createDatabase();
    await query(database.url, "CREATE TABLE food (name VARCHAR(9) PRIMARY KEY) SELECT '🍣' AS name");
    const sql =
      "SELECT @@time_zone AS zone, COUNT(*) AS beers, @@port AS port FROM food WHERE name = _utf8mb4'🍺'";

    expect(await query(database.url, sql)).toEqual([{ zone: '+00:00', beers: 0, port: 0 }]);
    await database.drop();
  });
});

describe('a private MariaDB', () => {
  let server: OwnMariadb;

  beforeAll(async () => {
    server = await startOwnMariadb();
  });
  afterAll(() => server.stop());

  it('has kept what it acknowledged before a kill -9, on the same address', async () => {
    const { pid } = server;
    const url = server.url();
    await query(url, 'CREATE TABLE note (id INT) ENGINE=InnoDB');
    await query(url, 'INSERT INTO note VALUES (1)');

    await server.kill9();
    await expect(query(url, 'SELECT id FROM note')).rejects.toThrow();
    await server.restart();

    expect(server.pid).not.toBe(pid);
    expect(await query(url, 'SELECT id FROM note')).toEqual([{ id: 1 }]);
  });
});
