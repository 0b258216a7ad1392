import { startApi, type TestApi } from '../support/api';
import type { Answer, Problem } from '../support/api-client';
import {
  advance,
  aGuest,
  aLobby,
  aNewcomer,
  anInvited,
  join,
  lobbyOf,
  next,
  refusal,
  tryToJoin,
  UNKNOWN_ID,
  type Person,
} from '../support/people';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

const ask = ({ token }: Person, studyId: number, body: unknown): Promise<Answer<Problem>> =>
  api.client.post<Problem>(`/api/v2/studies/${studyId}/participants`, { token, body });
const locationOf = ({ headers }: Answer) => headers.get('location');

describe('joining a study', () => {
  it('answers 201 without a body, and says in Location which participant one is', async () => {
    const host = await aLobby(api.client);
    const person = await anInvited(api.client, host);
    const answer = await tryToJoin(api.client, person, host.studyId, '루나');
    expect([answer.status, answer.body, answer.headers.get('content-type')]).toEqual([201, '', null]);
    const { body } = await api.client.get(String(locationOf(answer)), { token: person.token });
    const participantId = Number(locationOf(answer)?.split('/').at(-1));
    expect(body).toEqual({ participantId, nickname: '루나', isHost: false });
    expect(locationOf(answer)).toBe(`/api/v2/studies/${host.studyId}/participants/${participantId}`);
  });

  it('makes the first one host, and nobody after', async () => {
    const host = await aLobby(api.client);
    await aNewcomer(api.client, host, '루나');
    await aNewcomer(api.client, host, '솔');
    const { participants } = await lobbyOf(api.client, host);
    expect(participants.map(({ nickname, isHost }) => [nickname, isHost])).toEqual([
      ['방장', true],
      ['루나', false],
      ['솔', false],
    ]);
  });

  it('takes the member id as a text, too', async () => {
    const host = await aLobby(api.client);
    const person = await anInvited(api.client, host);
    const body = { memberId: String(person.memberId), nickname: '루나' };
    expect((await ask(person, host.studyId, body)).status).toBe(201);
  });

  it('ignores fields that it does not know', async () => {
    const host = await aLobby(api.client);
    const person = await anInvited(api.client, host);
    const body = { memberId: person.memberId, nickname: '루나', isHost: true, participantId: 1 };
    await ask(person, host.studyId, body);
    expect((await lobbyOf(api.client, host)).participants[1]).toMatchObject({
      nickname: '루나',
      isHost: false,
    });
  });

  it.each(['a', '1234567890', ' ', '🍣🍣🍣🍣🍣', '방장'])(
    'takes the nickname %j as it is',
    async (nickname) => {
      const host = await aLobby(api.client);
      await aNewcomer(api.client, host, nickname);
      expect((await lobbyOf(api.client, host)).participants[1]?.nickname).toBe(nickname);
    },
  );

  it.each(['', '12345678901', '🍣🍣🍣🍣🍣1', null, undefined, 1234, true, ['루나'], {}])(
    'refuses the nickname %j with 1204',
    async (nickname) => {
      const host = await aLobby(api.client);
      const person = await anInvited(api.client, host);
      const answer = await ask(person, host.studyId, { memberId: person.memberId, nickname });
      expect(refusal(answer)).toEqual([400, 1204]);
      expect(answer.body.errors).toMatchObject([{ path: 'nickname', code: 1204 }]);
      expect((await lobbyOf(api.client, host)).participants).toHaveLength(1);
    },
  );

  it.each([null, undefined, '', 'x', 0, 1.5, [1], {}])(
    'refuses the member id %j with 1600',
    async (memberId) => {
      const host = await aLobby(api.client);
      const person = await anInvited(api.client, host);
      const answer = await ask(person, host.studyId, { memberId, nickname: '루나' });
      expect(refusal(answer)).toEqual([400, 1600]);
      expect(answer.body.errors).toMatchObject([{ path: 'memberId' }]);
    },
  );
});

describe('one who is in already and joins again', () => {
  it('is told the same, and keeps the first nickname', async () => {
    const host = await aLobby(api.client);
    const person = await anInvited(api.client, host);
    const first = await tryToJoin(api.client, person, host.studyId, '루나');
    const again = await tryToJoin(api.client, person, host.studyId, '솔');
    expect([again.status, again.body, locationOf(again)]).toEqual([201, '', locationOf(first)]);
    const { participants } = await lobbyOf(api.client, host);
    expect(participants.map(({ nickname }) => nickname)).toEqual(['방장', '루나']);
  });

  it.each([1, 3, 6])('is told the same after %i steps, too', async (steps) => {
    const host = await aLobby(api.client, { totalCycle: 1 });
    const newcomer = await aNewcomer(api.client, host);
    await advance(api.client, host, steps);
    for (const seat of [host, newcomer]) {
      const again = await tryToJoin(api.client, seat, seat.studyId);
      expect(locationOf(again)).toMatch(new RegExp(`/participants/${seat.participantId}$`));
    }
  });

  it('is not asked for a code, nor for a good nickname', async () => {
    const host = await aLobby(api.client);
    const newcomer = await aNewcomer(api.client, host);
    await api.sql('DELETE FROM invitation WHERE study_id = ?', [host.studyId]);
    expect((await tryToJoin(api.client, newcomer, host.studyId, '')).status).toBe(201);
  });
});

describe('of several things that forbid to join, the first is told:', () => {
  const BAD = '12345678901';

  it("another's member id, before all else", async () => {
    const host = await aLobby(api.client);
    await next(api.client, host);
    const stranger = await aGuest(api.client);
    for (const studyId of [host.studyId, UNKNOWN_ID]) {
      const asOther = { ...stranger, memberId: host.memberId };
      expect(refusal(await tryToJoin(api.client, asOther, studyId, BAD))).toEqual([403, 1500]);
      const asNobody = { ...stranger, memberId: UNKNOWN_ID };
      expect(refusal(await tryToJoin(api.client, asNobody, studyId, BAD))).toEqual([403, 1500]);
    }
  });

  it('then that there is no such study', async () => {
    const stranger = await aGuest(api.client);
    expect(refusal(await tryToJoin(api.client, stranger, UNKNOWN_ID, BAD))).toEqual([404, 1302]);
  });

  it('then that it has started, or is over', async () => {
    const host = await aLobby(api.client, { totalCycle: 1 });
    const invited = await anInvited(api.client, host);
    for (let step = 1; step <= 4; step += 1) {
      await advance(api.client, host, 1);
      expect(refusal(await tryToJoin(api.client, invited, host.studyId))).toEqual([400, 1307]);
      const uninvited = await tryToJoin(api.client, await aGuest(api.client), host.studyId, BAD);
      expect(refusal(uninvited)).toEqual([400, 1307]);
    }
  });

  it('then that no code was shown', async () => {
    const { studyId } = await aLobby(api.client);
    expect(refusal(await tryToJoin(api.client, await aGuest(api.client), studyId, BAD))).toEqual([403, 1310]);
  });

  it('and the nickname last', async () => {
    const host = await aLobby(api.client);
    const invited = await anInvited(api.client, host);
    expect(refusal(await tryToJoin(api.client, invited, host.studyId, BAD))).toEqual([400, 1204]);
    expect((await join(api.client, invited, host.studyId)).participantId).toBeGreaterThan(host.participantId);
  });
});
