import { startApi, type TestApi } from '../support/api';
import {
  aGuest,
  aLobby,
  aNewcomer,
  anInvited,
  anOpenStudy,
  codeOf,
  enterCode,
  hostOf,
  join,
  leave,
  lobbyOf,
  refusal,
  tryToJoin,
  type Person,
} from '../support/people';
import { letPass } from '../support/time-travel';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

const DAY_S = 24 * 60 * 60;

/** The code of a study that nobody is in, as its creator would have passed it on. */
async function secretCode(studyId: number): Promise<string> {
  const rows = await api.sql<{ code: string }>('SELECT code FROM participant_code WHERE study_id = ?', [
    studyId,
  ]);
  return rows[0]?.code ?? '';
}

/** A study that nobody is in yet, and a stranger who has shown its code. */
async function aVacantStudy(): Promise<{ creator: Person; studyId: number; invited: Person }> {
  const creator = await aGuest(api.client);
  const studyId = await anOpenStudy(api.client, creator);
  const invited = await aGuest(api.client);
  await enterCode(api.client, invited, await secretCode(studyId));
  return { creator, studyId, invited };
}

describe('an invitation', () => {
  it('is needed: counting ids opens no lobby', async () => {
    const { studyId } = await aLobby(api.client);
    const answer = await tryToJoin(api.client, await aGuest(api.client), studyId);
    expect(refusal(answer)).toEqual([403, 1310]);
    expect(answer.body.message).toBe('참여 코드를 먼저 입력해 주세요.');
  });

  it('is left by entering the code, for this study and this member alone', async () => {
    const [host, elsewhere] = [await aLobby(api.client), await aLobby(api.client)];
    const invited = await anInvited(api.client, host);
    expect(refusal(await tryToJoin(api.client, invited, elsewhere.studyId))).toEqual([403, 1310]);
    expect(refusal(await tryToJoin(api.client, await aGuest(api.client), host.studyId))).toEqual([403, 1310]);
    expect((await tryToJoin(api.client, invited, host.studyId)).status).toBe(201);
  });

  it('is not left by a wrong code', async () => {
    const host = await aLobby(api.client);
    const person = await aGuest(api.client);
    const code = await codeOf(api.client, host);
    await enterCode(api.client, person, `${code.slice(0, 5)}${code.endsWith('A') ? 'B' : 'A'}`);
    expect(refusal(await tryToJoin(api.client, person, host.studyId))).toEqual([403, 1310]);
  });

  it('is good for a day, and for another when the code is entered again', async () => {
    const host = await aLobby(api.client);
    const [early, late] = [await anInvited(api.client, host), await anInvited(api.client, host)];
    await letPass(api, host.studyId, DAY_S - 60);
    expect((await tryToJoin(api.client, early, host.studyId)).status).toBe(201);
    await letPass(api, host.studyId, 61);
    expect(refusal(await tryToJoin(api.client, late, host.studyId))).toEqual([403, 1310]);
    await enterCode(api.client, late, await codeOf(api.client, host));
    expect((await tryToJoin(api.client, late, host.studyId)).status).toBe(201);
  });

  it('is not needed by the creator, nor by one who has just left', async () => {
    const host = await aLobby(api.client);
    const newcomer = await aNewcomer(api.client, host);
    await api.sql('DELETE FROM invitation WHERE study_id = ?', [host.studyId]);
    for (const seat of [newcomer, host]) {
      await leave(api.client, seat);
      expect((await tryToJoin(api.client, seat, host.studyId)).status).toBe(201);
    }
  });
});

describe('the first seat', () => {
  it('is kept for the creator for 60 seconds: no stranger becomes host by being quick', async () => {
    const { creator, studyId, invited } = await aVacantStudy();
    const answer = await tryToJoin(api.client, invited, studyId);
    expect(refusal(answer)).toEqual([409, 1311]);
    expect(answer.body.message).toBe('방장이 아직 입장하지 않았습니다. 잠시 후 다시 시도해 주세요.');
    await letPass(api, studyId, 45);
    expect(refusal(await tryToJoin(api.client, invited, studyId))).toEqual([409, 1311]);
    expect(await hostOf(api.client, await join(api.client, creator, studyId, '방장'))).toBe('방장');
    expect((await tryToJoin(api.client, invited, studyId)).status).toBe(201);
  });

  it("is anybody's after that: then the creator is no host", async () => {
    const { creator, studyId, invited } = await aVacantStudy();
    await letPass(api, studyId, 60);
    expect(await hostOf(api.client, await join(api.client, invited, studyId, '루나'))).toBe('루나');
    expect(await hostOf(api.client, await join(api.client, creator, studyId, '방장'))).toBe('루나');
  });

  it('is not spoken of to one without an invitation', async () => {
    const { studyId } = await aVacantStudy();
    expect(refusal(await tryToJoin(api.client, await aGuest(api.client), studyId))).toEqual([403, 1310]);
  });

  it('comes before the nickname', async () => {
    const { studyId, invited } = await aVacantStudy();
    expect(refusal(await tryToJoin(api.client, invited, studyId, ''))).toEqual([409, 1311]);
  });

  it('is kept no more once the creator has had it', async () => {
    const host = await aLobby(api.client);
    const invited = await anInvited(api.client, host);
    await leave(api.client, host);
    expect(await hostOf(api.client, await join(api.client, invited, host.studyId, '루나'))).toBe('루나');
  });
});

describe('a lobby that the host has left', () => {
  it('shows nobody, until the next one who joins is host', async () => {
    const host = await aLobby(api.client);
    const patient = await aNewcomer(api.client, host, '루나');
    const invited = await anInvited(api.client, host);
    await leave(api.client, host);
    expect(await lobbyOf(api.client, patient)).toEqual({ studyStep: 'waiting', participants: [] });
    await join(api.client, invited, host.studyId, '솔');
    const { participants } = await lobbyOf(api.client, patient);
    expect(participants.map(({ nickname, isHost }) => [nickname, isHost])).toEqual([
      ['루나', false],
      ['솔', true],
    ]);
  });

  it('may have the old host back as host', async () => {
    const host = await aLobby(api.client);
    const patient = await aNewcomer(api.client, host, '루나');
    await leave(api.client, host);
    await join(api.client, host, host.studyId, '돌아온 방장');
    expect(await hostOf(api.client, patient)).toBe('돌아온 방장');
  });

  it('makes nobody host who is in it and merely asks to join again', async () => {
    const host = await aLobby(api.client);
    const patient = await aNewcomer(api.client, host, '루나');
    await leave(api.client, host);
    expect((await tryToJoin(api.client, patient, host.studyId)).status).toBe(201);
    expect((await lobbyOf(api.client, patient)).participants).toEqual([]);
  });

  it('makes one host who leaves it and starts over', async () => {
    const host = await aLobby(api.client);
    const patient = await aNewcomer(api.client, host, '루나');
    await leave(api.client, host);
    await leave(api.client, patient);
    expect(await hostOf(api.client, await join(api.client, patient, host.studyId, '솔'))).toBe('솔');
  });
});

describe('an empty lobby', () => {
  it('can be joined for a day, and the first one in is host', async () => {
    const { studyId, invited } = await aVacantStudy();
    await letPass(api, studyId, DAY_S - 60);
    await enterCode(api.client, invited, await secretCode(studyId));
    expect(await hostOf(api.client, await join(api.client, invited, studyId, '루나'))).toBe('루나');
  });

  it('is closed after a day, to its creator too, and its code has expired', async () => {
    const { creator, studyId, invited } = await aVacantStudy();
    await letPass(api, studyId, DAY_S);
    expect(refusal(await tryToJoin(api.client, creator, studyId))).toEqual([400, 1301]);
    expect(refusal(await tryToJoin(api.client, invited, studyId))).toEqual([400, 1301]);
    expect(refusal(await enterCode(api.client, invited, await secretCode(studyId)))).toEqual([400, 1301]);
  });

  it('counts the day from when the last one left it', async () => {
    const host = await aLobby(api.client);
    await letPass(api, host.studyId, 10 * DAY_S);
    await leave(api.client, host);
    await letPass(api, host.studyId, DAY_S - 60);
    const back = await join(api.client, host, host.studyId);
    await letPass(api, host.studyId, 10 * DAY_S);
    expect((await lobbyOf(api.client, back)).participants).toHaveLength(1);
    await leave(api.client, back);
    await letPass(api, host.studyId, DAY_S);
    expect(refusal(await tryToJoin(api.client, host, host.studyId))).toEqual([400, 1301]);
  });

  it('stays open while somebody is in it, host or not', async () => {
    const host = await aLobby(api.client);
    await aNewcomer(api.client, host);
    await leave(api.client, host);
    await letPass(api, host.studyId, 2 * DAY_S);
    expect((await tryToJoin(api.client, host, host.studyId)).status).toBe(201);
  });
});
