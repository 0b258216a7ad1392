import { migrate } from '@app/database';
import { waitFor } from '../../scripts/lib/wait.mjs';
import { startApi, type TestApi } from '../support/api';
import { startOwnMariadb } from '../support/mariadb';
import { advance, aGuest, aLobby, aSoloStudy, expectStatus, next, type Seat } from '../support/people';
import { ask } from '../support/wire';

interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

async function samples(from = api): Promise<readonly Sample[]> {
  const { status, text, headers } = await ask(from.baseUrl, '/metrics');
  expect([status, headers['content-type']]).toEqual([200, expect.stringMatching(/^text\/plain;.*version=/)]);
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [, name = '', inside = '', value = ''] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
      const labels = Object.fromEntries(
        [...inside.matchAll(/(\w+)="([^"]*)"/g)].map(([, key, text]) => [key, text]),
      );
      return { name, labels: labels as Record<string, string>, value: Number(value) };
    });
}

/** @returns the sum of all samples of this name with these labels, 0 without any */
async function metric(name: string, labels: Readonly<Record<string, string>> = {}): Promise<number> {
  const fits = (sample: Sample) =>
    sample.name === name && Object.entries(labels).every(([key, value]) => sample.labels[key] === value);
  return (await samples()).filter(fits).reduce((sum, { value }) => sum + value, 0);
}

const requests = (labels: Readonly<Record<string, string>>) =>
  metric('http_request_duration_seconds_count', labels);
const stepChanges = (step: string) => metric('haru_study_step_changes_total', { step });

describe('requests', () => {
  it('are counted by method, route and status', async () => {
    const { token } = await aGuest(api.client);
    const ok = { method: 'GET', route: '/api/v2/me', status: '200' };
    const refused = { method: 'GET', route: '/api/v2/me', status: '400' };
    const before = [await requests(ok), await requests(refused)];
    for (let times = 0; times < 3; times += 1) await api.client.get('/api/v2/me', { token });
    for (let times = 0; times < 2; times += 1) await api.client.get('/api/v2/me');
    expect([await requests(ok), await requests(refused)]).toEqual(
      before.map((count, index) => count + 3 - index),
    );
  });

  it('are counted under the pattern of their route: ids do not make new series', async () => {
    const { token } = await aGuest(api.client);
    for (const id of [101, 102, 103]) await api.client.get(`/api/v2/studies/${id}`, { token });
    expect(await requests({ route: '/api/v2/studies/:studyId', status: '404' })).toBe(3);
    expect((await samples()).filter(({ labels }) => /\d{3}/.test(labels['route'] ?? ''))).toEqual([]);
  });

  it('for nothing are counted as one: addresses that people invent do not make new series', async () => {
    const before = await requests({ route: 'unmatched' });
    for (const path of ['/a', '/b', '/c?d=e', '/.git/config', '/api/v2/none']) await ask(api.baseUrl, path);
    await ask(api.baseUrl, '/api/v2/me', { method: 'PUT' });
    expect(await requests({ route: 'unmatched' })).toBe(before + 6);
  });

  it('are measured in seconds', async () => {
    const before = await metric('http_request_duration_seconds_sum', { route: '/api/v2/auth/guest' });
    const started = performance.now();
    await aGuest(api.client);
    const tookS = (performance.now() - started) / 1_000;
    const measuredS =
      (await metric('http_request_duration_seconds_sum', { route: '/api/v2/auth/guest' })) - before;
    expect(measuredS).toBeGreaterThan(0);
    expect(measuredS).toBeLessThanOrEqual(tookS);
  });
});

describe('the process', () => {
  it('tells the delay of its event loop', async () => {
    const names = new Set((await samples()).map(({ name }) => name));
    for (const part of ['', '_mean', '_p50', '_p99'])
      expect(names).toContain(`nodejs_eventloop_lag${part}_seconds`);
  });

  it('tells its heap: what is used, what there is, and what there may be', async () => {
    const used = await metric('nodejs_heap_size_used_bytes');
    const total = await metric('nodejs_heap_size_total_bytes');
    const limit = await metric('nodejs_heap_size_limit_bytes');
    expect(used).toBeGreaterThan(1_000_000);
    expect(total).toBeGreaterThan(used / 2);
    expect(limit).toBeGreaterThan(total);
  });

  it('tells the connections to its database', async () => {
    await aGuest(api.client);
    const pool = (state: string) => metric('haru_database_pool_connections', { state });
    expect(await pool('free')).toBeGreaterThan(0);
    expect(await pool('waiting')).toBe(0);
    expect((await pool('used')) + (await pool('free'))).toBeLessThanOrEqual(10);
  });

  it('tells how many requests wait for a connection, without waiting for one itself', async () => {
    const { studyId, token } = await aSoloStudy(api.client);
    const connection = await api.connect();
    await connection.beginTransaction();
    await connection.query('SELECT id FROM study WHERE id = ? FOR UPDATE', [studyId]);
    const presses = Array.from({ length: 12 }, () => next(api.client, { token, studyId } as Seat));
    // All ten connections wait for the row, and the scrape's own question is the third that waits for a connection.
    const isFull = async () => (await metric('haru_database_pool_connections', { state: 'waiting' })) >= 2;
    await waitFor(isFull, { timeoutMs: 10_000, what: 'two requests to wait' });
    expect(await metric('haru_database_pool_connections', { state: 'used' })).toBe(10);
    await connection.rollback();
    await connection.end();
    await Promise.all(presses);
  });
});

describe('studies', () => {
  it('are counted by the step that they are in', async () => {
    const inStep = async () =>
      Object.fromEntries(
        (await samples())
          .filter(({ name }) => name === 'haru_studies')
          .map(({ labels, value }) => [labels['step'], value]),
      );
    const before = await inStep();
    expect(Object.keys(before)).toEqual(['WAITING', 'PLANNING', 'STUDYING', 'RETROSPECT', 'DONE']);
    await aLobby(api.client);
    await aSoloStudy(api.client);
    await advance(api.client, await aSoloStudy(api.client), 1);
    const after = await inStep();
    expect(Object.entries(after).map(([step, count]) => count - (before[step] ?? 0))).toEqual([
      1, 1, 1, 0, 0,
    ]);
  });
});

describe('a change of step', () => {
  it('is counted once, by the step that the study has come to', async () => {
    const before = await Promise.all(['PLANNING', 'STUDYING', 'RETROSPECT', 'DONE'].map(stepChanges));
    const me = await aSoloStudy(api.client, { totalCycle: 1 });
    await advance(api.client, me, 3);
    const after = await Promise.all(['PLANNING', 'STUDYING', 'RETROSPECT', 'DONE'].map(stepChanges));
    expect(after.map((count, index) => count - (before[index] ?? 0))).toEqual([1, 1, 1, 1]);
  });

  it('is counted once when many press at once with what they have seen', async () => {
    const me = await aSoloStudy(api.client);
    const before = await stepChanges('STUDYING');
    const seen = { expectedStep: 'planning', expectedCycle: 1 };
    const answers = await Promise.all(Array.from({ length: 10 }, () => next(api.client, me, seen)));
    expect(answers.filter(({ status }) => status === 204)).toHaveLength(1);
    expect(await stepChanges('STUDYING')).toBe(before + 1);
  });

  it('is counted once when the request is repeated under its key', async () => {
    const me = await aSoloStudy(api.client);
    const before = await stepChanges('STUDYING');
    const headers = { 'idempotency-key': 'count-me-once' };
    for (let times = 0; times < 3; times += 1) {
      const path = `/api/v2/studies/${me.studyId}/next-step`;
      expectStatus(204, await api.client.post(path, { token: me.token, headers }));
    }
    expect(await stepChanges('STUDYING')).toBe(before + 1);
  });

  it('that does not happen is not counted', async () => {
    const me = await aSoloStudy(api.client, { totalCycle: 1 });
    const stranger = await aGuest(api.client);
    const count = async () => metric('haru_study_step_changes_total');
    const before = await count();
    await next(api.client, me, { expectedStep: 'retrospect' });
    await next(api.client, { ...me, ...stranger });
    expect(await count()).toBe(before);
    await advance(api.client, me, 3);
    expect(await count()).toBe(before + 3);
    await advance(api.client, me, 2);
    expect(await count()).toBe(before + 3);
  });
});

describe('without a database', () => {
  it('the metrics are told all the same, but for what only the database knows', async () => {
    const own = await startOwnMariadb();
    await migrate(own.url());
    const lonely = await startApi({ DATABASE_URL: own.url() });
    expect((await samples(lonely)).some(({ name }) => name === 'haru_studies')).toBe(true);
    await own.kill9();
    const names = (await samples(lonely)).map(({ name }) => name);
    expect(names).toContain('nodejs_heap_size_limit_bytes');
    expect(names).not.toContain('haru_studies');
    await lonely.stop();
    await own.stop();
  });
});
