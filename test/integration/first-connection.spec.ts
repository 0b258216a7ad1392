import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate, openDataSource } from '@app/database';
import { databaseUrl } from '../../scripts/lib/mariadb-address.mjs';
import { createDatabase, type TestDatabase } from '../support/mariadb';

let database: TestDatabase;
let folder: string;
let server: Server;
let sockets: Socket[];
/** How many connections are left without a greeting, as on a machine that is too busy to answer. */
let silent: number;
beforeEach(async () => {
  database = await createDatabase();
  folder = await mkdtemp(join(process.env['HARU_TEST_FOLDER'] ?? tmpdir(), 'slow-'));
  sockets = [];
  server = createServer((client) => {
    sockets.push(client);
    if ((silent -= 1) >= 0) return;
    const real = connect(database.socket);
    sockets.push(real);
    client.pipe(real).pipe(client);
    for (const end of [client, real]) end.on('error', () => {});
  });
  await once(server.listen(join(folder, 's')), 'listening');
});
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  server.close();
  await rm(folder, { recursive: true });
  await database.drop();
});

const slowUrl = () => databaseUrl(join(folder, 's'), database.name);

it('is made by a migration although the database greets too late at first', async () => {
  silent = 1;
  expect(await migrate(slowUrl())).not.toEqual([]);
});

it('is made by a starting service although the database greets too late at first', async () => {
  silent = 1;
  const dataSource = await openDataSource(slowUrl(), 2);
  expect(await dataSource.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  await dataSource.destroy();
});

it('is given up when nobody is there', async () => {
  const url = databaseUrl(join(folder, 'nobody'), database.name);
  await expect(migrate(url)).rejects.toThrow('ENOENT');
});

it('is not the only one: a service that has started holds all that it may', async () => {
  silent = 0;
  const dataSource = await openDataSource(slowUrl(), 7);
  const own = 'SELECT COUNT(*) AS count FROM information_schema.processlist WHERE db = DATABASE()';
  expect(await dataSource.query(own)).toEqual([{ count: 7 }]);
  await dataSource.destroy();
});
