import { startApi, type TestApi } from '../support/api';
import type { Answer, Problem } from '../support/api-client';
import {
  advance,
  aGuest,
  aLobby,
  aNewcomer,
  expectStatus,
  leave,
  PLAN,
  refusal,
  RETROSPECT,
  UNKNOWN_ID,
  write,
  type Person,
  type Seat,
} from '../support/people';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

interface Content {
  readonly cycle: number;
  readonly plan: Record<string, string>;
  readonly retrospect: Record<string, string>;
}

const read = (
  { token }: Person,
  { studyId, participantId }: Seat,
  more = '',
): Promise<Answer<{ content: Content[] } & Problem>> =>
  api.client.get(`/api/v2/studies/${studyId}/contents?participantId=${participantId}${more}`, { token });
const contentOf = async (seat: Seat, more = '') => (await read(seat, seat, more)).body.content;

async function aPlanner(totalCycle = 2): Promise<Seat> {
  const host = await aLobby(api.client, { totalCycle });
  await advance(api.client, host, 1);
  return host;
}

describe('the contents of a participant', () => {
  it('are there for each cycle from the beginning, nothing written', async () => {
    const host = await aLobby(api.client, { totalCycle: 3 });
    expect(await contentOf(host)).toEqual([1, 2, 3].map((cycle) => ({ cycle, plan: {}, retrospect: {} })));
  });

  it('hold what was written in each cycle, by cycle, after the end, too', async () => {
    const host = await aPlanner(2);
    const plans = [
      { ...PLAN, toDo: 'B-Tree 삽입 구현' },
      { ...PLAN, toDo: 'B-Tree 삭제 구현' },
    ];
    for (const plan of plans) {
      expectStatus(200, await write(api.client, host, 'plan', plan));
      await advance(api.client, host, 2);
      expectStatus(200, await write(api.client, host, 'retrospect'));
      await advance(api.client, host, 1);
    }
    expect(await contentOf(host)).toEqual(
      plans.map((plan, index) => ({ cycle: index + 1, plan, retrospect: RETROSPECT })),
    );
  });

  it('are shown of one cycle when that is asked for', async () => {
    const host = await aPlanner(2);
    await write(api.client, host, 'plan');
    expect(await contentOf(host, '&cycle=1')).toEqual([{ cycle: 1, plan: PLAN, retrospect: {} }]);
    expect(await contentOf(host, '&cycle=2')).toEqual([{ cycle: 2, plan: {}, retrospect: {} }]);
  });

  it.each([0, 3, -1, 4_000_000_000])('are none of cycle %i, which the study does not have', async (cycle) => {
    const host = await aPlanner(2);
    expect(await contentOf(host, `&cycle=${cycle}`)).toEqual([]);
  });

  it('are read by every participant of the study, and by nobody else', async () => {
    const host = await aLobby(api.client);
    const [luna, sol] = [await aNewcomer(api.client, host, '루나'), await aNewcomer(api.client, host, '솔')];
    await advance(api.client, host, 1);
    await write(api.client, luna, 'plan');
    for (const reader of [host, luna, sol])
      expect((await read(reader, luna)).body.content[0]?.plan).toEqual(PLAN);
    await leave(api.client, sol);
    for (const stranger of [sol, await aGuest(api.client)])
      expect(refusal(await read(stranger, luna))).toEqual([403, 1500]);
  });

  it('are refused by the first fault: no such study, not in it, no such participant in it', async () => {
    const [host, elsewhere] = [await aLobby(api.client), await aLobby(api.client)];
    expect(refusal(await read(host, { ...elsewhere, studyId: UNKNOWN_ID }))).toEqual([404, 1302]);
    expect(refusal(await read(host, { ...elsewhere, participantId: UNKNOWN_ID }))).toEqual([403, 1500]);
    expect(refusal(await read(host, { ...host, participantId: elsewhere.participantId }))).toEqual([
      404, 1201,
    ]);
    expect(refusal(await read(host, { ...host, participantId: UNKNOWN_ID }))).toEqual([404, 1201]);
  });

  it.each([
    '',
    '?participantId=',
    '?participantId=x',
    '?participantId=0',
    '?participantId=1&cycle=x',
    '?participantId=1&cycle=',
    '?participantId=1&cycle=1.5',
  ])('are refused with 1600 when they are asked for by %j', async (query) => {
    const host = await aLobby(api.client);
    const path = `/api/v2/studies/${host.studyId}/contents${query}`;
    expect(refusal(await api.client.get(path, { token: host.token }))).toEqual([400, 1600]);
  });
});

describe.each([
  ['plan', 1],
  ['retrospect', 3],
] as const)('a %s', (kind, steps) => {
  const aWriter = async () => {
    const host = await aLobby(api.client);
    await advance(api.client, host, steps);
    return host;
  };
  const written = async (seat: Seat) => (await contentOf(seat, '&cycle=1'))[0]?.[kind];

  it('is written with 200 and no body', async () => {
    const host = await aWriter();
    const { status, body, headers } = await write(api.client, host, kind);
    expect([status, body, headers.get('content-type')]).toEqual([200, '', null]);
    expect(await written(host)).toEqual(kind === 'plan' ? PLAN : RETROSPECT);
  });

  it('is written anew as often as one likes, the same or another', async () => {
    const host = await aWriter();
    for (const toDo of ['하나', '하나', '둘'])
      expectStatus(200, await write(api.client, host, kind, { toDo }));
    expect(await written(host)).toEqual({ toDo: '둘' });
  });

  it('may have any questions and answers, empty and very long ones, emoji and line breaks', async () => {
    const host = await aWriter();
    const answers = {
      '': '',
      질문: '🍣\n\t"\\',
      toString: 'b',
      then: 'c',
      length: '1',
      long: 'x'.repeat(60_000),
    };
    expectStatus(200, await write(api.client, host, kind, answers));
    expect(await written(host)).toEqual(answers);
  });

  it.each(['constructor', 'prototype'])(
    'is refused, not shortened, when a question is called %s',
    async (name) => {
      const host = await aWriter();
      expect(refusal(await write(api.client, host, kind, { toDo: 'a', [name]: 'b' }))).toEqual([400, 1600]);
      expect(await written(host)).toEqual({});
    },
  );

  it('that is empty counts as not written', async () => {
    const host = await aWriter();
    await write(api.client, host, kind);
    expectStatus(200, await write(api.client, host, kind, {}));
    expect(await written(host)).toEqual({});
  });

  it('fits into 65,535 bytes as JSON', async () => {
    const host = await aWriter();
    const room = 65_535 - '{"toDo":""}'.length;
    const answers = { toDo: `${'가'.repeat(Math.floor(room / 3))}${'a'.repeat(room % 3)}` };
    expectStatus(200, await write(api.client, host, kind, answers));
    expect(await written(host)).toEqual(answers);
    const longer = await write(api.client, host, kind, { toDo: `${answers.toDo}a` });
    expect(refusal(longer)).toEqual([400, 1101]);
    expect(await written(host)).toEqual(answers);
  });

  it.each([
    null,
    undefined,
    'text',
    1,
    [],
    ['a'],
    { toDo: 1 },
    { toDo: null },
    { toDo: { a: 'b' } },
    { toDo: ['a'] },
  ])('that is %j is refused with 1600', async (answers) => {
    const { token, studyId, participantId } = await aWriter();
    const body = { participantId, [kind]: answers };
    const answer = await api.client.post<Problem>(`/api/v2/studies/${studyId}/contents/write-${kind}`, {
      token,
      body,
    });
    expect(refusal(answer)).toEqual([400, 1600]);
    expect(answer.body.errors).toMatchObject([{ path: kind }]);
  });

  it.each([null, undefined, '', 'x', 0])(
    'of the participant %j is refused with 1600',
    async (participantId) => {
      const host = await aWriter();
      const refused = await write(api.client, { ...host, participantId: participantId as number }, kind);
      expect(refusal(refused)).toEqual([400, 1600]);
    },
  );

  it('takes the participant id as a text, too', async () => {
    const host = await aWriter();
    const participantId = String(host.participantId) as unknown as number;
    expectStatus(200, await write(api.client, { ...host, participantId }, kind));
  });
});
