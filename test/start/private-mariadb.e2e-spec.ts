import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createConnection, type RowDataPacket } from 'mysql2/promise';
import { startMariadb } from '../../scripts/lib/mariadb.mjs';
import { isAlive } from '../../scripts/lib/processes.mjs';
import { newDataFolder } from './npm-start';

describe('a private MariaDB', () => {
  it('in a folder with a very long name has its socket in a short one, which goes with it', async () => {
    const folder = join(newDataFolder(), 'x'.repeat(60), 'y'.repeat(60));
    const server = await startMariadb(folder);
    expect(Buffer.byteLength(server.socket)).toBeLessThanOrEqual(100);
    expect((await startMariadb(folder)).pid).toBe(server.pid);

    await server.stop();
    expect(existsSync(dirname(server.socket))).toBe(false);
  });

  it('is adopted although the note about its process is gone', async () => {
    const folder = newDataFolder();
    const server = await startMariadb(folder);
    rmSync(join(folder, 'mariadb.json'));

    const again = await startMariadb(folder);
    expect(again).toMatchObject({ pid: server.pid, adopted: true });
    await again.stop();
    expect(isAlive(server.identity)).toBe(false);
  });

  it('that nobody can reach any more is replaced', async () => {
    const folder = newDataFolder();
    const lost = await startMariadb(folder);
    rmSync(lost.socket);

    const server = await startMariadb(folder);
    expect(server).toMatchObject({ adopted: false });
    expect(isAlive(lost.identity)).toBe(false);
    await server.stop();
  });

  it('whose making was interrupted is made anew', async () => {
    const folder = newDataFolder();
    mkdirSync(join(folder, 'data.new/half'), { recursive: true });

    const server = await startMariadb(folder);
    expect(existsSync(join(folder, 'data.new'))).toBe(false);
    await server.stop();
  });

  it('leaves the temporary tables of other servers alone when it starts', async () => {
    const one = await startMariadb(newDataFolder());
    const connection = await createConnection({ socketPath: one.socket, user: 'root', database: 'haru' });
    await connection.query('CREATE TEMPORARY TABLE held (id INT PRIMARY KEY) ENGINE = Aria');

    const [[row]] = await connection.query<RowDataPacket[]>('SELECT @@tmpdir AS folder');
    const ownFiles = () =>
      readdirSync(String(row?.['folder'])).filter((name) =>
        name.startsWith(`#sql-temptable-${one.pid.toString(16)}-`),
      );
    const before = ownFiles();

    const other = await startMariadb(newDataFolder());
    await other.stop();
    expect(before).not.toEqual([]);
    expect(ownFiles()).toEqual(before);
    await connection.end();
    await one.stop();
  });
});
