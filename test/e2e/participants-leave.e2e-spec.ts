import { startApi, type TestApi } from '../support/api';
import {
  advance,
  aGuest,
  aLobby,
  aNewcomer,
  aSoloStudy,
  codeOf,
  enterCode,
  hostOf,
  join,
  leave,
  lobbyOf,
  next,
  progressOf,
  refusal,
  studyOf,
  tryToJoin,
  tryToLeave,
  UNKNOWN_ID,
  write,
  type Participant,
} from '../support/people';
import { letPass } from '../support/time-travel';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

const rowOf = async (studyId: number) =>
  (
    await api.sql<{ step: string; current_cycle: number; sequence: number }>(
      'SELECT * FROM study WHERE id = ?',
      [studyId],
    )
  )[0];

describe('leaving a study', () => {
  it('answers 204 without a body, and takes one out of the lobby', async () => {
    const host = await aLobby(api.client);
    const newcomer = await aNewcomer(api.client, host);
    const { status, body, headers } = await tryToLeave(api.client, newcomer);
    expect([status, body, headers.get('content-type')]).toEqual([204, '', null]);
    expect((await lobbyOf(api.client, host)).participants).toHaveLength(1);
  });

  it.each([0, 1, 2, 3, 6])('is possible after %i steps, and takes along what was written', async (steps) => {
    const host = await aLobby(api.client, { totalCycle: 1 });
    const newcomer = await aNewcomer(api.client, host);
    await advance(api.client, host, Math.min(steps, 1));
    if (steps > 0) expect((await write(api.client, newcomer, 'plan')).status).toBe(200);
    await advance(api.client, host, Math.max(steps - 1, 0));
    await leave(api.client, newcomer);
    expect(
      await api.sql('SELECT id FROM content WHERE participant_id = ?', [newcomer.participantId]),
    ).toEqual([]);
    const path = `/api/v2/studies/${host.studyId}/contents?participantId=${newcomer.participantId}`;
    expect(refusal(await api.client.get(path, { token: host.token }))).toEqual([404, 1201]);
    expect(refusal(await next(api.client, newcomer))).toEqual([404, 1201]);
  });

  it('a second time is refused with 1201', async () => {
    const host = await aLobby(api.client);
    const newcomer = await aNewcomer(api.client, host);
    await leave(api.client, newcomer);
    expect(refusal(await tryToLeave(api.client, newcomer))).toEqual([404, 1201]);
  });

  it('lets one start over in the lobby with another nickname, without a code', async () => {
    const host = await aLobby(api.client);
    const newcomer = await aNewcomer(api.client, host, '루나');
    await leave(api.client, newcomer);
    const again = await join(api.client, newcomer, host.studyId, '솔');
    expect(again.participantId).toBeGreaterThan(newcomer.participantId);
    const { participants } = await lobbyOf(api.client, host);
    expect(participants.map(({ nickname }: Participant) => nickname)).toEqual(['방장', '솔']);
  });

  it('a running study is for good: starting over is refused with 1307', async () => {
    const host = await aLobby(api.client);
    const newcomer = await aNewcomer(api.client, host);
    await advance(api.client, host, 1);
    await leave(api.client, newcomer);
    expect(refusal(await tryToJoin(api.client, newcomer, host.studyId))).toEqual([400, 1307]);
  });
});

describe('of several things that forbid to leave, the first is told:', () => {
  it('that there is no such study', async () => {
    const host = await aLobby(api.client);
    const stranger = await aGuest(api.client);
    for (const participantId of [host.participantId, UNKNOWN_ID])
      expect(
        refusal(await tryToLeave(api.client, { ...stranger, studyId: UNKNOWN_ID, participantId })),
      ).toEqual([404, 1302]);
    expect(refusal(await tryToLeave(api.client, { ...host, studyId: UNKNOWN_ID }))).toEqual([404, 1302]);
  });

  it('that there is no such participant', async () => {
    const host = await aLobby(api.client);
    expect(refusal(await tryToLeave(api.client, { ...host, participantId: UNKNOWN_ID }))).toEqual([
      404, 1201,
    ]);
  });

  it("that it is another's", async () => {
    const [host, elsewhere] = [await aLobby(api.client), await aLobby(api.client)];
    const newcomer = await aNewcomer(api.client, host);
    const asHost = { ...newcomer, participantId: host.participantId };
    expect(refusal(await tryToLeave(api.client, asHost))).toEqual([403, 1500]);
    expect(refusal(await tryToLeave(api.client, { ...asHost, studyId: elsewhere.studyId }))).toEqual([
      403, 1500,
    ]);
    expect(
      refusal(await tryToLeave(api.client, { ...host, token: (await aGuest(api.client)).token })),
    ).toEqual([403, 1500]);
    expect(await hostOf(api.client, newcomer)).toBe('방장');
  });

  it('that it is of another study', async () => {
    const [host, elsewhere] = [await aLobby(api.client), await aLobby(api.client)];
    expect(refusal(await tryToLeave(api.client, { ...host, studyId: elsewhere.studyId }))).toEqual([
      400, 1203,
    ]);
    expect(await hostOf(api.client, host)).toBe('방장');
  });
});

describe('a running study that the host leaves', () => {
  it.each([1, 2, 3, 4])('goes on after %i steps under the one who joined first', async (steps) => {
    const host = await aLobby(api.client);
    const [luna, sol] = [await aNewcomer(api.client, host, '루나'), await aNewcomer(api.client, host, '솔')];
    await advance(api.client, host, steps);
    const before = await studyOf(api.client, sol);
    await leave(api.client, host);
    expect(await hostOf(api.client, sol)).toBe('루나');
    expect(await studyOf(api.client, sol)).toEqual(before);
    expect(refusal(await next(api.client, sol))).toEqual([403, 1205]);
    await advance(api.client, luna, 1);
  });

  it('hands the role on again and again, until the last one leaves and ends it', async () => {
    const host = await aLobby(api.client);
    const [luna, sol] = [await aNewcomer(api.client, host, '루나'), await aNewcomer(api.client, host, '솔')];
    await advance(api.client, host, 1);
    await leave(api.client, host);
    await leave(api.client, luna);
    await advance(api.client, sol, 1);
    expect(await hostOf(api.client, sol)).toBe('솔');
    await leave(api.client, sol);
    expect(await rowOf(host.studyId)).toMatchObject({ step: 'DONE', current_cycle: 1, sequence: 3 });
  });

  it('stays as it is when another leaves, even if the host is not the first in the list', async () => {
    const host = await aLobby(api.client);
    const [luna, sol] = [await aNewcomer(api.client, host, '루나'), await aNewcomer(api.client, host, '솔')];
    await leave(api.client, host);
    const back = await join(api.client, host, host.studyId, '방장');
    await advance(api.client, back, 1);
    await leave(api.client, sol);
    expect(await hostOf(api.client, luna)).toBe('방장');
  });

  it('stays as it is when another leaves', async () => {
    const host = await aLobby(api.client);
    const newcomer = await aNewcomer(api.client, host);
    await advance(api.client, host, 1);
    await leave(api.client, newcomer);
    expect(await hostOf(api.client, host)).toBe('방장');
    expect(await progressOf(api.client, host)).toBe('planning');
  });
});

describe('a study that its last participant leaves', () => {
  it.each([
    [1, 'PLANNING'],
    [2, 'STUDYING'],
    [3, 'RETROSPECT'],
  ])('ends when it is running (%i steps on: %s), with a row of history', async (steps) => {
    const host = await aLobby(api.client);
    const code = await codeOf(api.client, host);
    await advance(api.client, host, steps);
    await leave(api.client, host);
    expect(await rowOf(host.studyId)).toMatchObject({ step: 'DONE', sequence: steps + 1 });
    const history = await api.sql('SELECT step FROM study_transition WHERE study_id = ? ORDER BY sequence', [
      host.studyId,
    ]);
    expect(history.at(-1)).toEqual({ step: 'DONE' });
    expect(refusal(await enterCode(api.client, host, code))).toEqual([400, 1301]);
  });

  it('ends when it is a solo study', async () => {
    const me = await aSoloStudy(api.client);
    await leave(api.client, me);
    expect(await rowOf(me.studyId)).toMatchObject({ step: 'DONE' });
  });

  it('stays as it is when it waits, or is over', async () => {
    const host = await aLobby(api.client);
    await leave(api.client, host);
    expect(await rowOf(host.studyId)).toMatchObject({ step: 'WAITING', sequence: 0 });
    const over = await aLobby(api.client, { totalCycle: 1 });
    await advance(api.client, over, 4);
    await leave(api.client, over);
    expect(await rowOf(over.studyId)).toMatchObject({ step: 'DONE', sequence: 4 });
  });
});

describe('one who has just left a lobby', () => {
  const waiting = (studyId: number, token: string) =>
    api.client.get(`/api/v2/waiting?studyId=${studyId}`, { token });

  it('may still read it for 10 seconds, since a poll may be under way', async () => {
    const host = await aLobby(api.client);
    const newcomer = await aNewcomer(api.client, host);
    await leave(api.client, newcomer);
    expect((await lobbyOf(api.client, newcomer)).participants).toHaveLength(1);
    await letPass(api, host.studyId, 5);
    expect((await waiting(host.studyId, newcomer.token)).status).toBe(200);
    await letPass(api, host.studyId, 6);
    expect(refusal(await waiting(host.studyId, newcomer.token))).toEqual([403, 1500]);
  });

  it('may read nothing else', async () => {
    const host = await aLobby(api.client);
    await leave(api.client, host);
    expect((await lobbyOf(api.client, host)).participants).toEqual([]);
    for (const path of [
      `progress?studyId=${host.studyId}`,
      `submitted?studyId=${host.studyId}`,
      `studies/${host.studyId}`,
    ])
      expect(refusal(await api.client.get(`/api/v2/${path}`, { token: host.token }))).toEqual([403, 1500]);
  });
});
