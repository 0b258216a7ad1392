import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { freePort } from '../../scripts/lib/ports.mjs';
import { createDatabase } from '../support/mariadb';
import { newDataFolder, npmStart } from './npm-start';

describe('npm start refuses', () => {
  const folder = newDataFolder();

  it('to run twice in one folder, and names the first', async () => {
    const first = await (await npmStart(folder)).untilItServes();
    const second = await npmStart(folder);

    expect((await second.end()).code).not.toBe(0);
    expect(second.output()).toContain(`process ${first.processes().starter.pid}`);
    expect(second.output()).toContain(first.address.replace('127.0.0.1', 'localhost'));
    expect((await fetch(`${first.address}/health/ready`)).status).toBe(200);
    first.signal('SIGTERM');
    await first.end();
  });

  it('a port that is taken, and names who has it and the way out', async () => {
    const stranger = createServer();
    const port = await freePort();
    await new Promise<void>((resolve) => stranger.listen(port, '127.0.0.1', resolve));
    const start = await npmStart(folder, { PORT: String(port) });

    expect((await start.end()).code).not.toBe(0);
    expect(start.output()).toContain(`Port ${port} on 127.0.0.1 is taken by process ${process.pid}`);
    expect(start.output()).toMatch(/PORT=\d+ npm start/);
    await new Promise((resolve) => stranger.close(resolve));
  });

  it('wrong settings, all of them at once, before it makes a database', async () => {
    const untouched = newDataFolder();
    const start = await npmStart(untouched, { PORT: '99999', LOG_LEVEL: 'loud', RELEASE: '-' });

    expect((await start.end()).code).not.toBe(0);
    for (const name of ['PORT', 'LOG_LEVEL', 'RELEASE']) expect(start.output()).toContain(`- ${name}: `);
    expect(existsSync(join(untouched, 'mariadb'))).toBe(false);
  });

  it('production without a secret', async () => {
    const start = await npmStart(newDataFolder(), { NODE_ENV: 'production' });

    expect((await start.end()).code).not.toBe(0);
    expect(start.output()).toContain('JWT_SECRET: is missing');
  });
});

describe('npm start with a DATABASE_URL', () => {
  it('uses that database and makes none of its own', async () => {
    const database = await createDatabase();
    const folder = newDataFolder();
    const start = await (await npmStart(folder, { DATABASE_URL: database.url })).untilItServes();

    expect((await fetch(`${start.address}/api/v2/auth/guest`, { method: 'POST' })).status).toBe(200);
    expect(existsSync(join(folder, 'mariadb'))).toBe(false);
    start.signal('SIGTERM');
    expect((await start.end()).code).toBe(0);
    await database.drop();
  });
});
