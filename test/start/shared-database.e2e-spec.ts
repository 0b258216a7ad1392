import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createConnection } from 'mysql2/promise';
import { stopMariadb, startMariadb } from '../../scripts/lib/mariadb.mjs';
import { isAlive } from '../../scripts/lib/processes.mjs';
import { newDataFolder, npmStart } from './npm-start';

describe('npm start beside a deployed release', () => {
  const folder = newDataFolder();
  const home = join(folder, 'mariadb');
  afterAll(() => stopMariadb(home));

  const startAndStop = async () => {
    const start = await (await npmStart(folder)).untilItServes();
    const { database } = start.processes();
    start.signal('SIGTERM');
    await start.end();
    return database;
  };

  it('leaves the database up while the release uses it, and stops it afterwards', async () => {
    const server = await startMariadb(home);
    writeFileSync(join(home, 'shared'), '');
    const connection = await createConnection(server.url());
    expect(isAlive(await startAndStop())).toBe(true);

    await connection.end();
    expect(isAlive(await startAndStop())).toBe(false);
  });
});
