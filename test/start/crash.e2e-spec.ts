import { identityOf, isAlive, send } from '../../scripts/lib/processes.mjs';
import { waitFor } from '../../scripts/lib/wait.mjs';
import { newDataFolder, npmStart, untilGone, type NpmStart, type Processes } from './npm-start';

describe('npm start after a kill -9', () => {
  const folder = newDataFolder();
  let start: NpmStart;

  beforeEach(async () => {
    start = await (await npmStart(folder)).untilItServes();
  });
  afterEach(async () => {
    start.signal('SIGTERM');
    await start.end();
  });

  const killAndStartAgain = async (victims: readonly (keyof Processes)[]) => {
    const before = start.processes();
    const npm = identityOf(start.pid);
    victims.forEach((name) => send(before[name], 'SIGKILL'));
    await untilGone([...victims.map((name) => before[name]), ...(npm === undefined ? [] : [npm])]);
    start = await (await npmStart(folder)).untilItServes();
    return { before, after: start.processes() };
  };

  it('of the starter adopts the database and replaces the server that was left alone', async () => {
    const { before, after } = await killAndStartAgain(['starter']);

    expect(after.database).toMatchObject(before.database);
    expect(isAlive(before.api)).toBe(false);
    expect(after.api.pid).not.toBe(before.api.pid);
  });

  it('of starter and server adopts the database', async () => {
    const { before, after } = await killAndStartAgain(['starter', 'api']);

    expect(after.database).toMatchObject(before.database);
  });

  it('of all of it has kept the data', async () => {
    const login = await fetch(`${start.address}/api/v2/auth/guest`, { method: 'POST' });
    const { accessToken } = (await login.json()) as { accessToken: string };
    await killAndStartAgain(['starter', 'api', 'database']);

    const headers = { authorization: `Bearer ${accessToken}` };
    expect((await fetch(`${start.address}/api/v2/me`, { headers })).status).toBe(200);
  });

  it('of the database starts it again while the server goes on', async () => {
    const before = start.processes();
    send(before.database, 'SIGKILL');
    await untilGone([before.database]);

    const isReady = async () => (await fetch(`${start.address}/health/ready`)).ok;
    await waitFor(isReady, { timeoutMs: 5_000, everyMs: 50, what: 'the server to be ready again' });
    expect(start.processes().api).toEqual(before.api);
    expect(start.processes().database.pid).not.toBe(before.database.pid);
  });
});

describe('npm start whose server is killed', () => {
  it('says so, stops the database and ends with an error', async () => {
    const folder = newDataFolder();
    const start = await (await npmStart(folder)).untilItServes();
    const { api, database } = start.processes();
    send(api, 'SIGKILL');

    expect((await start.end()).code).not.toBe(0);
    expect(start.output()).toContain('The server ended with SIGKILL.');
    expect(isAlive(database)).toBe(false);
  });
});
