import { migrate } from '@app/database';
import { createConnection } from 'mysql2/promise';
import { waitFor } from '../../scripts/lib/wait.mjs';
import type { Answer, ApiClient, Problem } from '../support/api-client';
import { clientOf, startApiProcess, type ServingProcess } from '../support/api-process';
import { startOwnMariadb, type OwnMariadb } from '../support/mariadb';
import { aGuest, aSoloStudy, next, PLAN, progressOf, type Seat, type Study } from '../support/people';

const BACK_WITHIN_MS = 5_000;
/** Longer than a connect may take, shorter than anybody would call a hang. */
const ANSWERED_WITHIN_MS = 4_000;

let own: OwnMariadb;
let server: ServingProcess;
let client: ApiClient;
beforeAll(async () => {
  own = await startOwnMariadb();
  await migrate(own.url());
  server = await startApiProcess({ DATABASE_URL: own.url() });
  client = await clientOf(server);
});
afterAll(async () => {
  await server.kill9();
  await own.stop();
});

async function inTime(ask: () => Promise<Answer<unknown>>): Promise<Answer<Problem>> {
  const before = performance.now();
  const answer = await ask();
  expect(performance.now() - before).toBeLessThan(ANSWERED_WITHIN_MS);
  return answer as Answer<Problem>;
}

function expectUnavailable({ status, headers, body }: Answer<Problem>): void {
  expect(body).toMatchObject({
    type: '/api/v2/error-code#1691',
    title: 'Service unavailable',
    status: 503,
    code: 1691,
    message: '서비스를 잠시 사용할 수 없습니다. 잠시 후 다시 시도해 주세요.',
  });
  expect(status).toBe(503);
  expect(headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  expect(Number(headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
  expect(headers.get('x-request-id')).toBeTruthy();
  // Neither where the database is nor what it said.
  expect(JSON.stringify(body)).not.toMatch(/sock|ECONN|sql/i);
}

/** One of each kind: a prepared read, a transaction, a list, a write, a login. */
const asksOf = ({ token, studyId, participantId }: Seat) => {
  const study = `/api/v2/studies/${studyId}`;
  return [
    () => client.get(`/api/v2/progress?studyId=${studyId}`, { token }),
    () => client.get(study, { token }),
    () => client.get('/api/v2/studies', { token }),
    () => client.get('/api/v2/me', { token }),
    () => client.post(`${study}/next-step`, { token }),
    () => client.post(`${study}/contents/write-plan`, { token, body: { participantId, plan: PLAN } }),
    () => client.post('/api/v2/solo-studies', { token, body: { totalCycle: 1, timePerCycle: 20 } }),
    () => client.post('/api/v2/auth/guest'),
  ];
};

const untilItServes = (seat: Seat) =>
  waitFor(
    async () =>
      (await client.get(`/api/v2/progress?studyId=${seat.studyId}`, { token: seat.token })).status === 200,
    {
      timeoutMs: BACK_WITHIN_MS,
      what: 'the study to be served again',
    },
  );

describe('a database that goes away between two steps', () => {
  it('is told as 503 in the one shape, soon, whatever is asked; and the study goes on within 5 seconds of its return', async () => {
    const me = await aSoloStudy(client);
    const path = `/api/v2/studies/${me.studyId}`;
    expect((await next(client, me)).status).toBe(204);
    const { body: before } = await client.get<Study>(path, { token: me.token });

    await own.kill9();
    for (const ask of asksOf(me)) expectUnavailable(await inTime(ask));
    // All at once, too: more than there are connections.
    const crowd = Array.from({ length: 5 }, () => asksOf(me)).flat();
    for (const answer of await Promise.all(crowd.map(inTime))) expectUnavailable(answer);

    await own.restart();
    await untilItServes(me);
    expect((await client.get<Study>(path, { token: me.token })).body).toEqual(before);
    expect(await progressOf(client, me)).toBe('studying');
    expect((await next(client, me)).status).toBe(204);
    expect(await progressOf(client, me)).toBe('retrospect');
  });

  it('leaves what needs no database at work', async () => {
    const me = await aSoloStudy(client);
    await own.kill9();
    for (const path of ['/api/v2/time', '/api/v2/error-code', '/health/live', '/metrics', '/v3/api-docs'])
      expect([path, (await inTime(() => client.get(path))).status]).toEqual([path, 200]);
    expect((await inTime(() => client.get('/api/v2/me'))).body.code).toBe(1404);
    expect((await inTime(() => client.get('/api/v2/studies/x', { token: me.token }))).body.code).toBe(1600);
    await own.restart();
    await untilItServes(me);
  });

  it.each([
    ['killed', () => own.kill9()],
    ['stopped in order', () => own.stop()],
  ])('is told to those, too, whose requests were under way when it was %s', async (_how, end) => {
    const me = await aSoloStudy(client);
    const holder = await createConnection({ socketPath: own.socket, user: 'root', database: 'haru' });
    holder.on('error', () => undefined);
    await holder.beginTransaction();
    await holder.query('SELECT id FROM study WHERE id = ? FOR UPDATE', [me.studyId]);
    const waiting = [next(client, me), next(client, me), next(client, me)];
    const areUnderWay = async () =>
      (await client.get<{ inFlight: number }>('/health/live')).body.inFlight === 3;
    await waitFor(areUnderWay, { timeoutMs: 5_000, what: 'the requests to be under way' });

    await end();
    for (const answer of waiting) expectUnavailable(await inTime(() => answer));
    holder.destroy();
    await own.restart();
    await untilItServes(me);
    expect(await progressOf(client, me)).toBe('planning');
  });

  it('costs nobody anything that was answered before', async () => {
    const guests = await Promise.all(Array.from({ length: 5 }, () => aGuest(client)));
    const me = await aSoloStudy(client);
    await own.kill9();
    await own.restart();
    await untilItServes(me);
    const answers = await Promise.all(
      guests.map(({ token }) => client.get<{ memberId: number }>('/api/v2/me', { token })),
    );
    expect(answers.map(({ body }) => body.memberId)).toEqual(guests.map(({ memberId }) => memberId));
  });

  it('is a warning in the log for each request, not a failure of the server', async () => {
    const me = await aSoloStudy(client);
    await own.kill9();
    const headers = { 'x-request-id': 'while-it-was-away' };
    expectUnavailable(await inTime(() => client.get('/api/v2/me', { token: me.token, headers })));
    await own.restart();
    await untilItServes(me);
    const lines = server.logs().filter(({ requestId }) => requestId === 'while-it-was-away');
    expect(lines).toEqual([
      expect.objectContaining({ level: 40, msg: 'unavailable' }),
      expect.objectContaining({ msg: 'request', status: 503, code: 1691 }),
    ]);
    expect(server.logs().filter(({ msg }) => msg === 'unexpected error')).toEqual([]);
    expect(server.stderr()).toBe('');
  });
});
