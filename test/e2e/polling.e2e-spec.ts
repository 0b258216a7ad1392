import { startApi, type TestApi } from '../support/api';
import type { Answer } from '../support/api-client';
import {
  advance,
  aGuest,
  aLobby,
  aNewcomer,
  aSoloStudy,
  leave,
  lobbyOf,
  progressOf,
  refusal,
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

const poll = (what: string, { token }: Person, query: string): Promise<Answer> =>
  api.client.get(`/api/v2/${what}${query}`, { token });
const submitted = async (seat: Seat) => (await poll('submitted', seat, `?studyId=${seat.studyId}`)).body;

describe.each(['waiting', 'progress', 'submitted'])('%s', (what) => {
  it('refuses a study that does not exist with 1302', async () => {
    expect(refusal(await poll(what, await aGuest(api.client), `?studyId=${UNKNOWN_ID}`))).toEqual([
      404, 1302,
    ]);
  });

  it.each([0, 1, 4])('refuses a stranger with 1500, whatever the step (%i steps on)', async (steps) => {
    const host = await aLobby(api.client, { totalCycle: 1 });
    await advance(api.client, host, steps);
    expect(refusal(await poll(what, await aGuest(api.client), `?studyId=${host.studyId}`))).toEqual([
      403, 1500,
    ]);
  });

  it.each([
    '',
    '?studyId=',
    '?studyId=x',
    '?studyId=0',
    '?studyId=1.5',
    '?studyId=1&studyId=1',
    '?studyid=1',
  ])('refuses %j with 1600', async (query) => {
    expect(refusal(await poll(what, await aGuest(api.client), query))).toEqual([400, 1600]);
  });

  it('is never held back, asked a hundred times in a row', async () => {
    const me = await aSoloStudy(api.client);
    for (let times = 0; times < 100; times += 1)
      expect((await poll(what, me, `?studyId=${me.studyId}`)).status).toBe(200);
  });
});

describe('waiting', () => {
  it('shows the lobby with everybody in the order of joining, the host marked', async () => {
    const host = await aLobby(api.client);
    const newcomer = await aNewcomer(api.client, host, '루나');
    for (const seat of [host, newcomer])
      expect(await lobbyOf(api.client, seat)).toEqual({
        studyStep: 'waiting',
        participants: [
          { participantId: host.participantId, nickname: '방장', isHost: true },
          { participantId: newcomer.participantId, nickname: '루나', isHost: false },
        ],
      });
  });

  it('tells when the study has begun, and when it is over', async () => {
    const host = await aLobby(api.client, { totalCycle: 1 });
    const newcomer = await aNewcomer(api.client, host);
    const told = [];
    for (let step = 0; step <= 4; step += 1) {
      const { studyStep, participants } = await lobbyOf(api.client, newcomer);
      told.push([studyStep, participants.length]);
      await advance(api.client, host, 1);
    }
    expect(told).toEqual([
      ['waiting', 2],
      ['inProgress', 2],
      ['inProgress', 2],
      ['inProgress', 2],
      ['done', 2],
    ]);
  });

  it('lists nobody while there is no host: so the others learn that the host has left', async () => {
    const host = await aLobby(api.client);
    const newcomer = await aNewcomer(api.client, host);
    await leave(api.client, host);
    expect(await lobbyOf(api.client, newcomer)).toEqual({ studyStep: 'waiting', participants: [] });
  });
});

describe('progress', () => {
  it('tells the step itself, waiting and done included', async () => {
    const host = await aLobby(api.client, { totalCycle: 1 });
    const newcomer = await aNewcomer(api.client, host);
    const told = [];
    for (let step = 0; step <= 4; step += 1) {
      told.push(await progressOf(api.client, newcomer));
      await advance(api.client, host, 1);
    }
    expect(told).toEqual(['waiting', 'planning', 'studying', 'retrospect', 'done']);
  });

  it('tells nothing but that', async () => {
    const me = await aSoloStudy(api.client);
    expect((await poll('progress', me, `?studyId=${me.studyId}`)).body).toEqual({ progressStep: 'planning' });
  });
});

describe('submitted', () => {
  const both = (host: boolean, newcomer: boolean) => ({
    status: [
      { nickname: '방장', submitted: host },
      { nickname: '루나', submitted: newcomer },
    ],
  });
  const aPair = async (steps: number, totalCycle = 2) => {
    const host = await aLobby(api.client, { totalCycle });
    const newcomer = await aNewcomer(api.client, host, '루나');
    await advance(api.client, host, steps);
    return { host, newcomer };
  };

  it.each([
    ['plan', 1],
    ['retrospect', 3],
  ] as const)('tells of everybody whether the %s is written', async (kind, steps) => {
    const { host, newcomer } = await aPair(steps);
    expect(await submitted(host)).toEqual(both(false, false));
    await write(api.client, newcomer, kind);
    expect(await submitted(host)).toEqual(both(false, true));
    await write(api.client, host, kind);
    expect(await submitted(newcomer)).toEqual(both(true, true));
    await write(api.client, newcomer, kind, {});
    expect(await submitted(newcomer)).toEqual(both(true, false));
  });

  it('looks at the current cycle and the current step alone', async () => {
    const { host, newcomer } = await aPair(1);
    for (const seat of [host, newcomer]) await write(api.client, seat, 'plan');
    await advance(api.client, host, 2);
    expect(await submitted(host)).toEqual(both(false, false));
    for (const seat of [host, newcomer]) await write(api.client, seat, 'retrospect');
    await advance(api.client, host, 1);
    expect(await submitted(host)).toEqual(both(false, false));
  });

  it('is true of everybody while they study, whether they have planned or not', async () => {
    const { host } = await aPair(2);
    expect(await submitted(host)).toEqual(both(true, true));
  });

  it.each([
    ['waits', 0],
    ['is over', 4],
  ])('is refused with 1308 when the study %s', async (_name, steps) => {
    const { host } = await aPair(steps, 1);
    const answer = await poll('submitted', host, `?studyId=${host.studyId}`);
    expect(refusal(answer)).toEqual([400, 1308]);
  });

  it('stays told of the others when one has no content for this cycle', async () => {
    const { host, newcomer } = await aPair(1);
    await write(api.client, host, 'plan');
    await api.sql('DELETE FROM content WHERE participant_id = ?', [newcomer.participantId]);
    expect(await submitted(host)).toEqual(both(true, false));
  });

  it('forgets those who have left', async () => {
    const { host, newcomer } = await aPair(1);
    await leave(api.client, newcomer);
    expect(await submitted(host)).toEqual({ status: [{ nickname: '방장', submitted: false }] });
  });
});
