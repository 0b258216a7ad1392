import { startApi, type TestApi } from '../support/api';
import type { Answer, Problem } from '../support/api-client';
import {
  advance,
  aGuest,
  aLobby,
  aNewcomer,
  leave,
  refusal,
  UNKNOWN_ID,
  type Participant,
  type Person,
  type Seat,
} from '../support/people';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

type Listed = Answer<{ participants: Participant[] | null } & Problem>;
const list = (studyId: number | string, { token }: Person, query = ''): Promise<Listed> =>
  api.client.get(`/api/v2/studies/${studyId}/participants${query}`, { token });
const temp = (studyId: number | string, { token }: Person, query = ''): Promise<Listed> =>
  api.client.get(`/api/v2/temp/studies/${studyId}/participants${query}`, { token });
const own = ({ memberId }: Person) => `?memberId=${memberId}`;
const shown = ({ participantId }: Seat, nickname: string, isHost: boolean) => ({
  participantId,
  nickname,
  isHost,
});

/** Both addresses: the second one is asked by those who do not know yet whether they are in. */
const ADDRESSES: [string, typeof list][] = [
  ['studies/{s}/participants', (...asked) => list(...asked)],
  ['temp/studies/{s}/participants', (...asked) => temp(...asked)],
];

describe.each(ADDRESSES)('%s', (_name, ask) => {
  it('lists everybody to everybody who is in, in the order of joining, in every step', async () => {
    const host = await aLobby(api.client, { totalCycle: 1 });
    const [luna, sol] = [await aNewcomer(api.client, host, '루나'), await aNewcomer(api.client, host, '솔')];
    const participants = [shown(host, '방장', true), shown(luna, '루나', false), shown(sol, '솔', false)];
    for (let step = 0; step <= 4; step += 1) {
      const { status, body } = await ask(host.studyId, sol);
      expect([status, body]).toEqual([200, { participants }]);
      await advance(api.client, host, 1);
    }
  });

  it('refuses a stranger, and one who has left, with 1500', async () => {
    const host = await aLobby(api.client);
    const newcomer = await aNewcomer(api.client, host);
    await leave(api.client, newcomer);
    for (const stranger of [await aGuest(api.client), newcomer])
      expect(refusal(await ask(host.studyId, stranger))).toEqual([403, 1500]);
  });

  it('shows the caller alone when asked for the own member id', async () => {
    const host = await aLobby(api.client);
    const newcomer = await aNewcomer(api.client, host, '루나');
    const answers = [
      await ask(host.studyId, host, own(host)),
      await ask(host.studyId, newcomer, own(newcomer)),
    ];
    expect(answers.map(({ body }) => body)).toEqual([
      { participants: [shown(host, '방장', true)] },
      { participants: [shown(newcomer, '루나', false)] },
    ]);
  });

  it("refuses another's member id with 1500, whether anybody has it or not", async () => {
    const host = await aLobby(api.client);
    const newcomer = await aNewcomer(api.client, host);
    for (const memberId of [host.memberId, UNKNOWN_ID])
      expect(refusal(await ask(host.studyId, newcomer, `?memberId=${memberId}`))).toEqual([403, 1500]);
    expect(refusal(await ask(UNKNOWN_ID, newcomer, own(host)))).toEqual([403, 1500]);
  });

  it('refuses a study that does not exist with 1302', async () => {
    const person = await aGuest(api.client);
    expect(refusal(await ask(UNKNOWN_ID, person))).toEqual([404, 1302]);
    expect(refusal(await ask(UNKNOWN_ID, person, own(person)))).toEqual([404, 1302]);
  });

  it.each(['?memberId=', '?memberId=x', '?memberId=0', '?memberId=1&memberId=1'])(
    'refuses %j with 1600',
    async (query) => {
      const host = await aLobby(api.client);
      expect(refusal(await ask(host.studyId, host, query))).toEqual([400, 1600]);
    },
  );

  it.each(['x', '0', '1.5'])('refuses the study id %j with 1600', async (studyId) => {
    expect(refusal(await ask(studyId, await aGuest(api.client)))).toEqual([400, 1600]);
  });
});

describe('one who asks for the own seat without being in', () => {
  it('is told null by the address for those who do not know, since a list without entries breaks the page', async () => {
    const host = await aLobby(api.client);
    const stranger = await aGuest(api.client);
    const { status, body } = await temp(host.studyId, stranger, own(stranger));
    expect([status, body]).toEqual([200, { participants: null }]);
  });

  it('is told null again after leaving, also of a study that has started', async () => {
    const host = await aLobby(api.client);
    const newcomer = await aNewcomer(api.client, host);
    await advance(api.client, host, 2);
    await leave(api.client, newcomer);
    expect((await temp(host.studyId, newcomer, own(newcomer))).body).toEqual({ participants: null });
  });

  it('is refused with 1201 by the other', async () => {
    const host = await aLobby(api.client);
    const stranger = await aGuest(api.client);
    expect(refusal(await list(host.studyId, stranger, own(stranger)))).toEqual([404, 1201]);
  });
});

describe('one participant', () => {
  const ask = (studyId: number | string, participantId: number | string, { token }: Person) =>
    api.client.get<Problem>(`/api/v2/studies/${studyId}/participants/${participantId}`, { token });

  it('is shown to itself', async () => {
    const host = await aLobby(api.client);
    const { status, body } = await ask(host.studyId, host.participantId, host);
    expect([status, body]).toEqual([200, shown(host, '방장', true)]);
  });

  it('that is unknown is refused with 1201', async () => {
    const host = await aLobby(api.client);
    expect(refusal(await ask(host.studyId, UNKNOWN_ID, host))).toEqual([404, 1201]);
    expect(refusal(await ask(UNKNOWN_ID, UNKNOWN_ID, host))).toEqual([404, 1201]);
  });

  it("that is another's is refused with 1500, before it is asked whether it is of this study", async () => {
    const [host, elsewhere] = [await aLobby(api.client), await aLobby(api.client)];
    const newcomer = await aNewcomer(api.client, host);
    expect(refusal(await ask(host.studyId, host.participantId, newcomer))).toEqual([403, 1500]);
    expect(refusal(await ask(elsewhere.studyId, host.participantId, newcomer))).toEqual([403, 1500]);
  });

  it('that is in another study is refused with 1203', async () => {
    const [host, elsewhere] = [await aLobby(api.client), await aLobby(api.client)];
    const answer = await ask(elsewhere.studyId, host.participantId, host);
    expect(refusal(answer)).toEqual([400, 1203]);
    expect(answer.body.message).toBe('해당 스터디에 참여한 기록이 없습니다.');
  });

  it.each([
    ['x', '1'],
    ['1', 'x'],
    ['0', '0'],
  ])('of the study id %j with the id %j is refused with 1600', async (studyId, participantId) => {
    expect(refusal(await ask(studyId, participantId, await aGuest(api.client)))).toEqual([400, 1600]);
  });
});
