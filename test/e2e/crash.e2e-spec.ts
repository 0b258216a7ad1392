import { createConnection, type RowDataPacket } from 'mysql2/promise';
import {
  clientOf,
  migratedDatabase,
  startApiProcess,
  type ServingProcess,
  type Settings,
} from '../support/api-process';
import type { TestDatabase } from '../support/mariadb';
import {
  advance,
  aLobby,
  aNewcomer,
  aSoloStudy,
  expectStatus,
  next,
  PLAN,
  progressOf,
  type Seat,
  type Study,
} from '../support/people';
import type { ApiClient } from '../support/api-client';

let database: TestDatabase;
let server: ServingProcess | undefined;
beforeAll(async () => {
  database = await migratedDatabase();
});
afterEach(() => server?.kill9());
afterAll(() => database.drop());

async function start(settings: Settings = {}): Promise<ApiClient> {
  server = await startApiProcess({ DATABASE_URL: database.url, ...settings });
  return clientOf(server);
}

/** Ends the server as a power cut would, and starts it again. */
async function crashAndStartAgain(): Promise<ApiClient> {
  await server?.kill9();
  return start();
}

async function everythingAbout(
  client: ApiClient,
  { token, studyId, participantId }: Seat,
): Promise<unknown[]> {
  const study = `/api/v2/studies/${studyId}`;
  const paths = [
    study,
    `${study}/participants`,
    `${study}/contents?participantId=${participantId}`,
    `/api/v2/progress?studyId=${studyId}`,
    `/api/v2/submitted?studyId=${studyId}`,
    '/api/v2/studies',
    '/api/v2/me',
  ];
  const answers = await Promise.all(paths.map((path) => client.get(path, { token })));
  return answers.map((answer) => expectStatus(200, answer).body);
}

describe('a server that is killed in the middle of a study and started again', () => {
  it('has everything where it was, to the millisecond at which the step began', async () => {
    const before = await start();
    const host = await aLobby(before, { totalCycle: 2 });
    const guest = await aNewcomer(before, host);
    await advance(before, host, 1);
    const path = `/api/v2/studies/${host.studyId}`;
    const body = { participantId: guest.participantId, plan: PLAN };
    expectStatus(200, await before.post(`${path}/contents/write-plan`, { token: guest.token, body }));
    await advance(before, host, 1);
    const known = await Promise.all([host, guest].map((seat) => everythingAbout(before, seat)));

    const after = await crashAndStartAgain();
    expect(await Promise.all([host, guest].map((seat) => everythingAbout(after, seat)))).toEqual(known);
    const study = known[0]?.[0] as Study;
    expect(study.progressStep).toBe('studying');
    const { body: now } = await after.get<Study>(path, { token: guest.token });
    expect(now.lastModifiedDate).toBe(study.lastModifiedDate);
  });

  it('lets the study go on to its end', async () => {
    const me = await aSoloStudy(await start(), { totalCycle: 1 });
    for (const step of ['planning', 'studying', 'retrospect', 'done']) {
      const client = await crashAndStartAgain();
      expect(await progressOf(client, me)).toBe(step);
      await advance(client, me, 1);
    }
  });

  it('knows what it has done already: a repeat under the same key gets the first answer', async () => {
    const before = await start();
    const { token } = await aSoloStudy(before);
    const ask = {
      token,
      body: { totalCycle: 1, timePerCycle: 20 },
      headers: { 'idempotency-key': 'across-the-crash' },
    };
    const first = expectStatus(201, await before.post('/api/v2/solo-studies', ask));
    const again = expectStatus(201, await (await crashAndStartAgain()).post('/api/v2/solo-studies', ask));
    expect(again.body).toEqual(first.body);
  });

  it('has done a change of step wholly or not at all, whenever it was killed', async () => {
    let client = await start();
    const me = await aSoloStudy(client, { totalCycle: 8 });
    let before = await historyOf(me);
    for (const moment of ['at once', 'a little later', 'after the answer']) {
      const pressed = next(client, me).then(
        ({ status }) => status,
        () => 'cut off',
      );
      if (moment === 'a little later') await client.get('/api/v2/time');
      if (moment === 'after the answer') expect(await pressed).toBe(204);
      client = await crashAndStartAgain();
      const after = await historyOf(me);
      expect(after.transitions).toBe(after.sequence);
      expect(after.sequence - before.sequence).toBeLessThanOrEqual(1);
      if ((await pressed) === 204) expect(after.sequence).toBe(before.sequence + 1);
      expect(await progressOf(client, me)).toBe(after.step.toLowerCase());
      before = after;
    }
  });
});

interface History {
  readonly step: string;
  readonly sequence: number;
  readonly transitions: number;
}

async function historyOf({ studyId }: Seat): Promise<History> {
  const connection = await createConnection({
    socketPath: database.socket,
    user: 'root',
    database: database.name,
  });
  const [rows] = await connection.query<(RowDataPacket & History)[]>(
    'SELECT step, sequence, (SELECT COUNT(*) FROM study_transition t WHERE t.study_id = s.id) AS transitions ' +
      'FROM study s WHERE id = ?',
    [studyId],
  );
  await connection.end();
  const [history] = rows;
  if (history === undefined) throw new Error('the study has gone');
  return history;
}
