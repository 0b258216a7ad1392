import { request } from 'node:http';
import { startApi, type TestApi } from '../support/api';
import {
  advance,
  aLobby,
  aNewcomer,
  aSoloStudy,
  PLAN,
  progressOf,
  refusal,
  type Seat,
} from '../support/people';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

type Body = Readonly<{ name: string; headers: Readonly<Record<string, string>>; chunks: readonly string[] }>;

const JSON_TYPE = { 'Content-Type': 'application/json' };
/** The ways in which a client may send nothing. */
const NOTHINGS: readonly Body[] = [
  { name: 'no length and no body', headers: JSON_TYPE, chunks: [] },
  { name: 'Content-Length: 0', headers: { ...JSON_TYPE, 'Content-Length': '0' }, chunks: [] },
  { name: 'no chunk', headers: { ...JSON_TYPE, 'Transfer-Encoding': 'chunked' }, chunks: [] },
  { name: 'blanks', headers: { ...JSON_TYPE, 'Transfer-Encoding': 'chunked' }, chunks: [' \n', '\t '] },
  {
    name: 'a charset',
    headers: { 'Content-Type': 'application/json; charset=UTF-8', 'Content-Length': '0' },
    chunks: [],
  },
  {
    name: "a form, as `curl -d ''` has it",
    headers: { 'Content-Type': 'application/x-www-form-urlencoded', 'Content-Length': '0' },
    chunks: [],
  },
];

/** Sends exactly these headers: `fetch` would add its own idea of an empty body. */
function send(method: string, path: string, { headers, chunks }: Body, token?: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const authorization = token === undefined ? {} : { Authorization: `Bearer ${token}` };
    const sent = request(`${api.baseUrl}${path}`, { method, headers: { ...headers, ...authorization } });
    sent.on('response', (answer) => {
      answer.resume().on('end', () => resolve(answer.statusCode ?? 0));
    });
    sent.on('error', reject);
    for (const chunk of chunks) sent.write(chunk);
    sent.end();
  });
}

describe.each(NOTHINGS)('a request that announces a body and sends none ($name)', (nothing) => {
  it('logs in as a guest', async () => {
    expect(await send('POST', '/api/v2/auth/guest', nothing)).toBe(200);
  });

  it('moves a study on', async () => {
    const host = await aLobby(api.client);
    expect(await send('POST', `/api/v2/studies/${host.studyId}/next-step`, nothing, host.token)).toBe(204);
    expect(await progressOf(api.client, host)).toBe('planning');
  });

  it('leaves a study', async () => {
    const host = await aLobby(api.client);
    const { token, studyId, participantId } = await aNewcomer(api.client, host);
    expect(
      await send('DELETE', `/api/v2/studies/${studyId}/participants/${participantId}`, nothing, token),
    ).toBe(204);
  });

  it('reads', async () => {
    const { token, studyId } = await aSoloStudy(api.client);
    for (const path of ['me', 'studies', `studies/${studyId}`, `progress?studyId=${studyId}`])
      expect(await send('GET', `/api/v2/${path}`, nothing, token)).toBe(200);
  });

  it('is told what is missing where something is needed', async () => {
    const { token, studyId } = await aSoloStudy(api.client);
    for (const path of [
      'studies',
      `studies/${studyId}/participants`,
      `studies/${studyId}/contents/write-plan`,
    ])
      expect(await send('POST', `/api/v2/${path}`, nothing, token)).toBe(400);
  });
});

describe('a body of several layers', () => {
  const plan = (me: Seat, rest: string) =>
    api.client.post(`/api/v2/studies/${me.studyId}/contents/write-plan`, {
      token: me.token,
      headers: { 'idempotency-key': 'layers' },
      body: `{"participantId":${me.participantId},"plan":${JSON.stringify(PLAN)},"rest":${rest}}`,
    });

  it.each([
    ['lists', (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`],
    ['objects', (levels: number) => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`],
  ])(
    'is taken when it has 32 of them (%s), and refused as no JSON when it has more',
    async (_name, nested) => {
      const me = await aSoloStudy(api.client);
      expect((await plan(me, nested(31))).status).toBe(200);
      for (const levels of [32, 5_000, 150_000])
        expect(refusal(await plan(me, nested(levels)))).toEqual([400, 1601]);
    },
  );

  it('may have as many beside each other as it likes', async () => {
    const me = await aSoloStudy(api.client);
    expect((await plan(me, `[${'[],'.repeat(100_000)}[]]`)).status).toBe(200);
  });
});

describe('a body that is no object', () => {
  it.each(['null', '[]', '"text"', '1', 'true', '[{}]'])('is refused with 1600: %s', async (body) => {
    const host = await aLobby(api.client);
    const { token, studyId } = host;
    for (const path of ['studies', `studies/${studyId}/next-step`, `studies/${studyId}/participants`])
      expect(refusal(await api.client.post(`/api/v2/${path}`, { token, body }))).toEqual([400, 1600]);
    await advance(api.client, host, 1);
    const path = `/api/v2/studies/${studyId}/contents/write-plan`;
    expect(refusal(await api.client.post(path, { token, body }))).toEqual([400, 1600]);
  });
});
