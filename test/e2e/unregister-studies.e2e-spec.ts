import { startApi, type TestApi } from '../support/api';
import { unregister } from '../support/members';
import {
  advance,
  aGuest,
  aLobby,
  aNewcomer,
  anInvited,
  anOpenStudy,
  aSoloStudy,
  codeOf,
  enterCode,
  expectStatus,
  hostOf,
  join,
  leave,
  lobbyOf,
  next,
  PLAN,
  progressOf,
  refusal,
  RETROSPECT,
  studyOf,
  tryToLeave,
  write,
  type Seat,
} from '../support/people';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

const GONE = '탈퇴한 회원';

async function participantsOf({ token, studyId }: Seat): Promise<unknown> {
  const path = `/api/v2/studies/${studyId}/participants`;
  return expectStatus(200, await api.client.get<{ participants: unknown }>(path, { token })).body
    .participants;
}

const contentsOf = ({ token }: Seat, { studyId, participantId }: Seat) =>
  api.client.get<{ content: unknown[] }>(
    `/api/v2/studies/${studyId}/contents?participantId=${participantId}`,
    {
      token,
    },
  );
const stepsOf = (studyId: number) =>
  api.sql<{ step: string }>('SELECT step FROM study_transition WHERE study_id = ? ORDER BY sequence', [
    studyId,
  ]);
const nameOf = async (studyId: number) =>
  (await api.sql<{ name: string }>('SELECT name FROM study WHERE id = ?', [studyId]))[0]?.name;

/** A study of two that went on to its end; both wrote a plan. */
async function aPastStudy(): Promise<{ host: Seat; other: Seat }> {
  const host = await aLobby(api.client, { totalCycle: 1 });
  const other = await aNewcomer(api.client, host, '루나');
  await advance(api.client, host, 1);
  for (const seat of [host, other]) expectStatus(200, await write(api.client, seat, 'plan'));
  await advance(api.client, host, 2);
  for (const seat of [host, other]) expectStatus(200, await write(api.client, seat, 'retrospect'));
  await advance(api.client, host, 1);
  return { host, other };
}

describe('a lobby', () => {
  it('whose host leaves the service promotes nobody: the next one who joins becomes host', async () => {
    const host = await aLobby(api.client);
    const luna = await aNewcomer(api.client, host, '루나');
    const sol = await anInvited(api.client, host);
    await unregister(api.client, host);
    expect((await lobbyOf(api.client, luna)).participants).toEqual([]);
    await join(api.client, sol, host.studyId, '솔');
    expect(await hostOf(api.client, luna)).toBe('솔');
  });

  it('that is left empty can still be joined, without a name', async () => {
    const host = await aLobby(api.client, { name: '비밀' });
    const sol = await anInvited(api.client, host);
    await unregister(api.client, host);
    expect(await nameOf(host.studyId)).toBe('이름 없는 스터디');
    await join(api.client, sol, host.studyId, '솔');
  });

  it('of others goes on without one who leaves the service', async () => {
    const host = await aLobby(api.client);
    const luna = await aNewcomer(api.client, host);
    await unregister(api.client, luna);
    expect((await lobbyOf(api.client, host)).participants).toHaveLength(1);
    expect(refusal(await tryToLeave(api.client, luna))).toEqual([401, 1403]);
  });
});

describe('a running study', () => {
  it.each([1, 2, 3, 4])(
    'whose host leaves the service goes on after %i steps under the one who joined first',
    async (steps) => {
      const host = await aLobby(api.client);
      const [luna, sol] = [
        await aNewcomer(api.client, host, '루나'),
        await aNewcomer(api.client, host, '솔'),
      ];
      await advance(api.client, host, steps);
      const before = await studyOf(api.client, sol);
      await unregister(api.client, host);
      expect(await hostOf(api.client, sol)).toBe('루나');
      expect(await studyOf(api.client, sol)).toEqual(before);
      expect(refusal(await next(api.client, sol))).toEqual([403, 1205]);
      await advance(api.client, luna, 1);
    },
  );

  it('does not wait for what one who left the service would hand in', async () => {
    const host = await aLobby(api.client);
    const luna = await aNewcomer(api.client, host);
    await advance(api.client, host, 1);
    await unregister(api.client, luna);
    const path = `/api/v2/submitted?studyId=${host.studyId}`;
    const { body } = await api.client.get(path, { token: host.token });
    expect(body).toEqual({ status: [{ nickname: '방장', submitted: false }] });
  });

  it.each([
    [0, 'PLANNING'],
    [1, 'STUDYING'],
    [2, 'RETROSPECT'],
  ])('of one alone ends where it stands, %i steps on, with a row of history', async (steps, last) => {
    const me = await aSoloStudy(api.client);
    await advance(api.client, me, steps);
    await unregister(api.client, me);
    expect((await stepsOf(me.studyId)).slice(-2)).toEqual([{ step: last }, { step: 'DONE' }]);
    const [study] = await api.sql('SELECT step, current_cycle, sequence FROM study WHERE id = ?', [
      me.studyId,
    ]);
    expect(study).toEqual({ step: 'DONE', current_cycle: 1, sequence: steps + 2 });
  });

  it('of one alone can be entered by nobody any more', async () => {
    const host = await aLobby(api.client);
    const code = await codeOf(api.client, host);
    await advance(api.client, host, 1);
    await unregister(api.client, host);
    expect(refusal(await enterCode(api.client, await aGuest(api.client), code))).toEqual([400, 1301]);
  });
});

describe('a study that is over', () => {
  it('stays in the records of the others, who see a seat without a name and without texts', async () => {
    const { host, other } = await aPastStudy();
    const before = await studyOf(api.client, other);
    await unregister(api.client, host);
    expect(await studyOf(api.client, other)).toEqual(before);
    expect(await participantsOf(other)).toEqual([
      { participantId: host.participantId, nickname: GONE, isHost: true },
      { participantId: other.participantId, nickname: '루나', isHost: false },
    ]);
    expect((await contentsOf(other, host)).body).toEqual({
      content: [{ cycle: 1, plan: {}, retrospect: {} }],
    });
    expect((await contentsOf(other, other)).body).toEqual({
      content: [{ cycle: 1, plan: PLAN, retrospect: RETROSPECT }],
    });
    expect(await progressOf(api.client, other)).toBe('done');
    expect((await stepsOf(host.studyId)).map(({ step }) => step)).toEqual([
      'PLANNING',
      'STUDYING',
      'RETROSPECT',
      'DONE',
    ]);
  });

  it('keeps the name that the others know it by, and loses it when nobody else is left in it', async () => {
    const { host, other } = await aPastStudy();
    await unregister(api.client, host);
    expect(await nameOf(host.studyId)).toBe('알고리즘');
    const alone = await aPastStudy();
    await leave(api.client, alone.other);
    await unregister(api.client, alone.host);
    expect(await nameOf(alone.host.studyId)).toBe('이름 없는 스터디');
    await unregister(api.client, other);
  });

  it('lets the last of the others leave the service, too', async () => {
    const { host, other } = await aPastStudy();
    await unregister(api.client, host);
    await unregister(api.client, other);
    const seats = await api.sql('SELECT nickname FROM participant WHERE study_id = ?', [host.studyId]);
    expect(seats).toEqual([{ nickname: GONE }, { nickname: GONE }]);
  });
});

it('a study that was opened and never entered loses its name', async () => {
  const guest = await aGuest(api.client);
  const studyId = await anOpenStudy(api.client, guest, { name: '비밀' });
  await unregister(api.client, guest);
  expect(await nameOf(studyId)).toBe('이름 없는 스터디');
});
