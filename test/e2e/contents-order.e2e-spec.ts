import { startApi, type TestApi } from '../support/api';
import {
  advance,
  aGuest,
  aLobby,
  aNewcomer,
  expectStatus,
  leave,
  refusal,
  UNKNOWN_ID,
  write,
  type Seat,
} from '../support/people';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

const KINDS = ['plan', 'retrospect'] as const;

async function aDeletedMember(): Promise<{ token: string; memberId: number }> {
  const person = await aGuest(api.client);
  await api.sql('DELETE FROM member WHERE id = ?', [person.memberId]);
  return person;
}

/** Nothing forbids to write but the step: both are written in other steps. */
async function aStudent(): Promise<Seat> {
  const host = await aLobby(api.client);
  await advance(api.client, host, 2);
  return host;
}

describe('when something is written', () => {
  it.each([
    ['plan', [false, true, false, false, true, false, false, false]],
    ['retrospect', [false, false, false, true, false, false, true, false]],
  ] as const)('a %s is taken in its own step of each cycle, and in no other', async (kind, taken) => {
    const host = await aLobby(api.client, { totalCycle: 2 });
    for (const isTaken of taken) {
      const answer = await write(api.client, host, kind);
      if (isTaken) expectStatus(200, answer);
      else expect(refusal(answer)).toEqual([400, 1202]);
      await advance(api.client, host, 1);
    }
  });

  it('a retrospect does without a plan', async () => {
    const host = await aLobby(api.client);
    await advance(api.client, host, 3);
    expectStatus(200, await write(api.client, host, 'retrospect'));
  });

  it('nobody but the writer is concerned', async () => {
    const host = await aLobby(api.client);
    const newcomer = await aNewcomer(api.client, host);
    await advance(api.client, host, 1);
    await write(api.client, newcomer, 'plan');
    const rows = await api.sql(
      'SELECT participant_id, cycle FROM content WHERE plan IS NOT NULL AND participant_id IN (?, ?)',
      [host.participantId, newcomer.participantId],
    );
    expect(rows).toEqual([{ participant_id: newcomer.participantId, cycle: 1 }]);
  });
});

describe.each(KINDS)('of several things that forbid to write a %s, the first is told:', (kind) => {
  const attempt = async (seat: Seat) => refusal(await write(api.client, seat, kind));

  it('1302, that there is no such study', async () => {
    const host = await aStudent();
    const gone = await aDeletedMember();
    expect(await attempt({ ...host, studyId: UNKNOWN_ID })).toEqual([404, 1302]);
    expect(await attempt({ ...gone, studyId: UNKNOWN_ID, participantId: UNKNOWN_ID })).toEqual([404, 1302]);
  });

  it('1201, that there is no such participant', async () => {
    const host = await aStudent();
    const gone = await aDeletedMember();
    expect(await attempt({ ...host, participantId: UNKNOWN_ID })).toEqual([404, 1201]);
    expect(await attempt({ ...gone, studyId: host.studyId, participantId: UNKNOWN_ID })).toEqual([404, 1201]);
  });

  it('1002, that there is no such member', async () => {
    const [host, elsewhere] = [await aStudent(), await aStudent()];
    const gone = await aDeletedMember();
    const { studyId } = host;
    expect(await attempt({ ...gone, studyId, participantId: elsewhere.participantId })).toEqual([404, 1002]);
  });

  it('1203, that the participant is of another study', async () => {
    const [host, elsewhere] = [await aStudent(), await aStudent()];
    expect(await attempt({ ...host, studyId: elsewhere.studyId })).toEqual([400, 1203]);
    const stranger = await aGuest(api.client);
    const { studyId } = elsewhere;
    expect(await attempt({ ...stranger, studyId, participantId: host.participantId })).toEqual([400, 1203]);
  });

  it("1500, that it is another's", async () => {
    const host = await aLobby(api.client);
    const newcomer = await aNewcomer(api.client, host);
    await advance(api.client, host, 2);
    expect(await attempt({ ...newcomer, participantId: host.participantId })).toEqual([403, 1500]);
    expect(await attempt({ ...host, token: (await aGuest(api.client)).token })).toEqual([403, 1500]);
  });

  it('1203 and 1500 in the right step, too, and nothing is written', async () => {
    const [host, elsewhere] = [await aLobby(api.client), await aLobby(api.client)];
    const newcomer = await aNewcomer(api.client, host);
    for (const one of [host, elsewhere]) await advance(api.client, one, kind === 'plan' ? 1 : 3);
    expect(await attempt({ ...newcomer, participantId: host.participantId })).toEqual([403, 1500]);
    expect(await attempt({ ...host, participantId: newcomer.participantId })).toEqual([403, 1500]);
    expect(await attempt({ ...host, studyId: elsewhere.studyId })).toEqual([400, 1203]);
    const written = `SELECT c.id FROM content c JOIN participant p ON p.id = c.participant_id WHERE ${kind} IS NOT NULL`;
    expect(await api.sql(`${written} AND p.study_id IN (?, ?)`, [host.studyId, elsewhere.studyId])).toEqual(
      [],
    );
  });

  it('1202, that it is not the step for it', async () => {
    const host = await aStudent();
    await api.sql('DELETE FROM content WHERE participant_id = ?', [host.participantId]);
    expect(await attempt(host)).toEqual([400, 1202]);
  });

  it('1100, that there is no content for this cycle', async () => {
    const host = await aLobby(api.client);
    await advance(api.client, host, kind === 'plan' ? 1 : 3);
    await api.sql('DELETE FROM content WHERE participant_id = ? AND cycle = 1', [host.participantId]);
    expect(await attempt(host)).toEqual([404, 1100]);
    await advance(api.client, host, 3);
    expectStatus(200, await write(api.client, host, kind));
  });

  it('1201, of one who has left', async () => {
    const host = await aLobby(api.client);
    const newcomer = await aNewcomer(api.client, host);
    await advance(api.client, host, kind === 'plan' ? 1 : 3);
    await leave(api.client, newcomer);
    expect(await attempt(newcomer)).toEqual([404, 1201]);
  });
});
