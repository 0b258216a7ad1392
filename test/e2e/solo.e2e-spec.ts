import { startApi, type TestApi } from '../support/api';
import {
  advance,
  aGuest,
  aSoloStudy,
  PLAN,
  progressOf,
  refusal,
  RETROSPECT,
  type Seat,
} from '../support/people';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

const start = (token: string, body: unknown, headers: Record<string, string> = {}) =>
  api.client.post<Record<string, unknown>>('/api/v2/solo-studies', { token, body, headers });

describe('a solo study', () => {
  it('is planning its first cycle after one request', async () => {
    const { token } = await aGuest(api.client);
    const { status, headers, body } = await start(token, { totalCycle: 2, timePerCycle: 25 });
    expect(status).toBe(201);
    expect(headers.get('location')).toBe(`/api/v2/studies/${String(body['studyId'])}`);
    expect(body).toMatchObject({ name: '혼자 공부', nickname: 'guest', step: 'planning', cycle: 1 });
    const lengthMs = Date.parse(String(body['stepEndsAt'])) - Date.parse(String(body['stepStartedAt']));
    expect(lengthMs).toBe(600_000);
  });

  it('goes from login to the last retrospect over HTTP', async () => {
    const me = await aSoloStudy(api.client, { totalCycle: 2 });
    for (const cycle of [1, 2]) {
      await write(me, 'write-plan', { plan: PLAN });
      await advance(api.client, me, 2);
      await write(me, 'write-retrospect', { retrospect: RETROSPECT });
      await advance(api.client, me, 1);
      expect(await progressOf(api.client, me)).toBe(cycle === 1 ? 'planning' : 'done');
    }
    const path = `/api/v2/studies/${me.studyId}/contents?participantId=${me.participantId}`;
    const { body } = await api.client.get<{ content: unknown[] }>(path, { token: me.token });
    expect(body.content).toEqual([1, 2].map((cycle) => ({ cycle, plan: PLAN, retrospect: RETROSPECT })));
  });

  it('takes the name and the nickname that are given, normalised and trimmed', async () => {
    const { token } = await aGuest(api.client);
    const decomposed = '알고리즘'.normalize('NFD');
    const { body } = await start(token, {
      totalCycle: 1,
      timePerCycle: 20,
      name: ` ${decomposed} `,
      nickname: '👨‍👩‍👧‍👦루나',
    });
    expect(body).toMatchObject({ name: '알고리즘', nickname: '👨‍👩‍👧‍👦루나' });
  });

  it.each([
    [{ totalCycle: 0, timePerCycle: 25 }, 1306],
    [{ totalCycle: 9, timePerCycle: 25 }, 1306],
    [{ totalCycle: 1, timePerCycle: 19 }, 1305],
    [{ totalCycle: 1, timePerCycle: 61 }, 1305],
    [{ totalCycle: 1, timePerCycle: 20, name: '' }, 1304],
    [{ totalCycle: 1, timePerCycle: 20, name: null }, 1304],
    [{ totalCycle: 1, timePerCycle: 20, name: ' \u3000 ' }, 1304],
    [{ totalCycle: 1, timePerCycle: 20, name: 'a\u0000b' }, 1304],
    [{ totalCycle: 1, timePerCycle: 20, name: '12345678901' }, 1304],
    [{ totalCycle: 1, timePerCycle: 20, nickname: '12345678901' }, 1204],
    [{ totalCycle: 1, timePerCycle: 20, nickname: null }, 1204],
    [{ totalCycle: 1, timePerCycle: 20, autoAdvance: true }, 1600],
  ])('refuses %j with %i', async (body, code) => {
    const { token } = await aGuest(api.client);
    expect(refusal(await start(token, body))).toEqual([400, code]);
  });

  it('names every wrong field at once, the first in the order of the contract giving the code', async () => {
    const { token } = await aGuest(api.client);
    const { body } = await start(token, { timePerCycle: 5, totalCycle: 'many', name: '' });
    expect(body).toMatchObject({ code: 1304 });
    expect(body['errors']).toMatchObject([
      { path: 'name', code: 1304 },
      { path: 'totalCycle', code: 1306 },
      { path: 'timePerCycle', code: 1305 },
    ]);
  });

  it('is started once by a repeated Idempotency-Key, with the first answer', async () => {
    const { token } = await aGuest(api.client);
    const ask = () => start(token, { totalCycle: 1, timePerCycle: 20 }, { 'idempotency-key': 'solo-1' });
    const answers = await Promise.all(Array.from({ length: 10 }, ask));
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    expect(answers.every(({ status }) => status === 201)).toBe(true);
    expect(
      await api.sql('SELECT s.id FROM study s JOIN participant p ON p.study_id = s.id AND p.id = ?', [
        answers[0]?.body['participantId'],
      ]),
    ).toHaveLength(1);
  });

  it('is not told again what another body asked for under the same key', async () => {
    const { token } = await aGuest(api.client);
    const headers = { 'idempotency-key': 'solo-2' };
    await start(token, { totalCycle: 1, timePerCycle: 20 }, headers);
    expect(refusal(await start(token, { totalCycle: 2, timePerCycle: 20 }, headers))).toEqual([422, 1611]);
  });

  async function write(me: Seat, kind: string, content: object): Promise<void> {
    const body = { participantId: me.participantId, ...content };
    const { status } = await api.client.post(`/api/v2/studies/${me.studyId}/contents/${kind}`, {
      token: me.token,
      body,
    });
    expect(status).toBe(200);
  }
});
