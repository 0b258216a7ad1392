import { createConnection, type Connection } from 'mysql2/promise';
import { waitFor } from '../../scripts/lib/wait.mjs';
import {
  clientOf,
  migratedDatabase,
  startApiProcess,
  type ServingProcess,
  type Settings,
} from '../support/api-process';
import type { TestDatabase } from '../support/mariadb';
import { aSoloStudy, progressOf, type Seat } from '../support/people';
import { ask, RawConnection, type WireAnswer } from '../support/wire';

let database: TestDatabase;
beforeAll(async () => {
  database = await migratedDatabase();
});
afterAll(() => database.drop());

/** A test that fails must not leave locks behind, on which the end of all would wait. */
const held: Connection[] = [];
const started: ServingProcess[] = [];
afterEach(async () => {
  await Promise.all(started.splice(0).map((server) => server.kill9()));
  for (const holder of held.splice(0)) holder.destroy();
});

async function start(settings: Settings = {}): Promise<ServingProcess> {
  const server = await startApiProcess({ DATABASE_URL: database.url, ...settings });
  started.push(server);
  return server;
}

/** A server that works on a request which cannot end before somebody lets it. */
interface BusyServer {
  readonly server: ServingProcess;
  readonly me: Seat;
  /** What the request is answered; a failure of the connection counts as an answer. */
  readonly answer: Promise<WireAnswer | string>;
  letGo(): Promise<void>;
}

async function startBusy(settings: Settings = {}): Promise<BusyServer> {
  const server = await start(settings);
  const client = await clientOf(server);
  const me = await aSoloStudy(client);
  const holder = await hold(me.studyId);
  const answer = ask(server.address, `/api/v2/studies/${me.studyId}/next-step`, {
    method: 'POST',
    headers: { authorization: `Bearer ${me.token}`, connection: 'keep-alive' },
  }).catch((error: unknown) => String(error));
  const isUnderWay = async () => {
    const { body } = await client.get<{ inFlight: number }>('/health/live');
    return body.inFlight === 1;
  };
  await waitFor(isUnderWay, { timeoutMs: 5_000, what: 'the request to be under way' });
  return { server, me, answer, letGo: () => holder.rollback() };
}

/** Locks the row that a step must change. */
async function hold(studyId: number): Promise<Connection> {
  const holder = await createConnection({
    socketPath: database.socket,
    user: 'root',
    database: database.name,
  });
  held.push(holder);
  await holder.beginTransaction();
  await holder.query('SELECT id FROM study WHERE id = ? FOR UPDATE', [studyId]);
  return holder;
}

/** Lines of requests are written many at a time: they may come after the last words. */
const lastWordsOf = (server: ServingProcess) =>
  server
    .logs()
    .filter(({ msg }) => msg !== 'request')
    .at(-1);

const hasSaid = (server: ServingProcess, text: string) =>
  waitFor(() => server.logs().some(({ msg }) => String(msg).includes(text)), {
    timeoutMs: 5_000,
    what: text,
  });

describe.each(['SIGTERM', 'SIGINT'] as const)('a server that gets %s', (signal) => {
  it('answers the request that is under way, takes no new ones, and ends with 0', async () => {
    const { server, answer, me, letGo } = await startBusy();
    server.signal(signal);
    const refused = () =>
      ask(server.address, '/health/live').then(
        () => false,
        ({ code }) => code === 'ECONNREFUSED',
      );
    await waitFor(refused, { timeoutMs: 5_000, what: 'new connections to be refused' });
    expect(server.logs()).toContainEqual(
      expect.objectContaining({ msg: `${signal}: ending in order`, inFlight: 1 }),
    );

    await letGo();
    expect(await answer).toMatchObject({ status: 204, headers: { connection: 'close' } });
    expect(await server.end()).toEqual({ code: 0, signal: null });
    expect(server.stderr()).toBe('');

    const next = await start();
    expect(await progressOf(await clientOf(next), me)).toBe('studying');
  });

  it('closes the connections on which nothing happens', async () => {
    const { server, answer, letGo } = await startBusy();
    const idle = await Promise.all([1, 2, 3].map(() => RawConnection.open(server.address)));
    for (const connection of idle.slice(1)) {
      connection.say('GET /api/v2/time HTTP/1.1\r\nHost: x\r\n\r\n');
      await connection.untilSaid('serverNow');
    }
    server.signal(signal);
    for (const connection of idle) await connection.untilClosed();
    await letGo();
    expect(await answer).toMatchObject({ status: 204 });
    expect((await server.end()).code).toBe(0);
  });

  it('ends at once when nothing is under way', async () => {
    const server = await start();
    server.signal(signal);
    // With 1 if it had waited for DRAIN_TIMEOUT_MS.
    expect(await server.end()).toEqual({ code: 0, signal: null });
  });
});

describe('a server that is ending', () => {
  it('ends at once with 1 when it is told a second time', async () => {
    const { server, answer } = await startBusy({ DRAIN_TIMEOUT_MS: '3600000' });
    server.signal('SIGTERM');
    await hasSaid(server, 'ending in order');
    server.signal('SIGTERM');
    expect(await server.end()).toEqual({ code: 1, signal: null });
    expect(lastWordsOf(server)).toMatchObject({
      level: 50,
      inFlight: 1,
      msg: 'ending at once: a second SIGTERM',
    });
    expect(await answer).toMatch(/ECONNRESET|socket hang up/);
  });

  it('may be told by another signal the second time', async () => {
    const { server } = await startBusy();
    server.signal('SIGTERM');
    await hasSaid(server, 'ending in order');
    server.signal('SIGINT');
    expect((await server.end()).code).toBe(1);
  });

  it('ends with 1 when the time for it is over, and says what was left', async () => {
    const { server, me, letGo } = await startBusy({ DRAIN_TIMEOUT_MS: '200' });
    const before = performance.now();
    server.signal('SIGTERM');
    expect(await server.end()).toEqual({ code: 1, signal: null });
    expect(performance.now() - before).toBeGreaterThan(190);
    expect(lastWordsOf(server)).toMatchObject({
      inFlight: 1,
      msg: 'ending at once: requests were still in flight after 200 ms',
    });
    await letGo();

    const next = await start();
    expect(await progressOf(await clientOf(next), me)).toBe('planning');
  });
});
