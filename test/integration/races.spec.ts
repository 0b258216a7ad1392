import { ParticipantCodes } from '../../apps/api/src/studies/participant-code';
import { startApi, type TestApi } from '../support/api';
import { holdStep } from '../support/held-step';
import {
  aGuest,
  aLobby,
  aNewcomer,
  anOpenStudy,
  aSoloStudy,
  codeOf,
  enterCode,
  expectStatus,
  join,
  next,
  progressOf,
  refusal,
  tryToJoin,
  type Person,
} from '../support/people';

const ROUNDS = 50;
jest.setTimeout(240_000);

let api: TestApi;
beforeAll(async () => {
  api = await startApi({ DATABASE_POOL_SIZE: '20' });
});
afterAll(() => api.stop());

const times = <T>(count: number, work: (index: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, index) => work(index)));

async function rounds(work: (round: number) => Promise<void>): Promise<void> {
  for (let round = 0; round < ROUNDS; round += 1) await work(round);
}

/** The creator's minute is over: whoever comes first becomes host. */
async function anAgedStudy(creator: Person): Promise<{ studyId: number; code: string }> {
  const studyId = await anOpenStudy(api.client, creator);
  await api.sql('UPDATE study SET created_at = created_at - INTERVAL 61 SECOND WHERE id = ?', [studyId]);
  const [row] = await api.sql<{ code: string }>('SELECT code FROM participant_code WHERE study_id = ?', [
    studyId,
  ]);
  return { studyId, code: row?.code ?? '' };
}

const seats = (studyId: number) =>
  api.sql<{ id: number; is_host: number }>('SELECT id, is_host FROM participant WHERE study_id = ?', [
    studyId,
  ]);
const history = (studyId: number) =>
  api.sql<{ sequence: number; step: string; cycle: number }>(
    'SELECT sequence, step, cycle FROM study_transition WHERE study_id = ? ORDER BY sequence',
    [studyId],
  );

describe('people who come at the same instant', () => {
  it('get one host among the 20 of them', async () => {
    const people = await times(20, () => aGuest(api.client));
    await rounds(async () => {
      const { studyId, code } = await anAgedStudy(people[0] as Person);
      await Promise.all(people.map((person) => enterCode(api.client, person, code)));
      const answers = await Promise.all(people.map((person) => tryToJoin(api.client, person, studyId)));
      expect(answers.map(({ status }) => status)).toEqual(people.map(() => 201));
      const rows = await seats(studyId);
      expect(rows).toHaveLength(20);
      expect(rows.filter((row) => row.is_host === 1)).toHaveLength(1);
    });
  });

  it('are seated once when one member asks 10 times, each time with the same answer', async () => {
    const person = await aGuest(api.client);
    await rounds(async () => {
      const studyId = await anOpenStudy(api.client, person);
      const answers = await times(10, (index) => tryToJoin(api.client, person, studyId, `이름${index}`));
      expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 201));
      expect(new Set(answers.map(({ headers }) => headers.get('location'))).size).toBe(1);
      expect(await seats(studyId)).toHaveLength(1);
    });
  });

  it('are in before the start, or not at all', async () => {
    const people = await times(5, () => aGuest(api.client));
    await rounds(async () => {
      const host = await aLobby(api.client);
      const code = await codeOf(api.client, host);
      await Promise.all(people.map((person) => enterCode(api.client, person, code)));
      const [start, ...answers] = await Promise.all([
        next(api.client, host),
        ...people.map((person) => tryToJoin(api.client, person, host.studyId)),
      ]);
      expect(start?.status).toBe(204);
      const refused = answers.filter(({ status }) => status !== 201);
      expect(refused.map(refusal)).toEqual(refused.map(() => [400, 1307]));
      expect(await seats(host.studyId)).toHaveLength(1 + answers.length - refused.length);
    });
  });

  it('end a running study once when all leave together', async () => {
    await rounds(async () => {
      const host = await aLobby(api.client);
      const others = await times(3, (index) => aNewcomer(api.client, host, `벗${index}`));
      expectStatus(204, await next(api.client, host));
      const everybody = [host, ...others];
      const answers = await Promise.all(
        everybody.map(({ token, studyId, participantId }) =>
          api.client.delete(`/api/v2/studies/${studyId}/participants/${participantId}`, { token }),
        ),
      );
      expect(answers.map(({ status }) => status)).toEqual(everybody.map(() => 204));
      expect(await history(host.studyId)).toMatchObject([{ step: 'PLANNING' }, { step: 'DONE', cycle: 1 }]);
    });
  });
});

describe('"next" pressed 10 times at the same instant', () => {
  it('moves the study on once when each press says what it saw, and tells the other nine where it is', async () => {
    await rounds(async () => {
      const me = await aSoloStudy(api.client);
      const seen = { expectedStep: 'planning', expectedCycle: 1 };
      const answers = await times(10, () => next(api.client, me, seen));
      const refused = answers.filter(({ status }) => status !== 204);
      expect(refused.map(refusal)).toEqual(Array.from({ length: 9 }, () => [409, 1309]));
      const [study] = await api.sql<{ at: Date }>('SELECT step_started_at AS at FROM study WHERE id = ?', [
        me.studyId,
      ]);
      const current = { step: 'studying', cycle: 1, stepStartedAt: study?.at.toISOString() };
      expect(refused.map(({ body }) => body.current)).toEqual(refused.map(() => current));
      expect(await history(me.studyId)).toHaveLength(2);
    });
  });

  it('moves it on ten times, in order, when the presses say nothing', async () => {
    await rounds(async () => {
      const me = await aSoloStudy(api.client, { totalCycle: 4 });
      const answers = await times(10, () => next(api.client, me));
      expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 204));
      const rows = await history(me.studyId);
      expect(rows.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
      expect(rows.map(({ step, cycle }) => `${step} ${cycle}`)).toEqual([
        'PLANNING 1',
        'STUDYING 1',
        'RETROSPECT 1',
        'PLANNING 2',
        'STUDYING 2',
        'RETROSPECT 2',
        'PLANNING 3',
        'STUDYING 3',
        'RETROSPECT 3',
        'PLANNING 4',
        'STUDYING 4',
      ]);
    });
  });

  it('moves it on once when the presses share an Idempotency-Key', async () => {
    await rounds(async (round) => {
      const me = await aSoloStudy(api.client);
      const headers = { 'idempotency-key': `press-${round}` };
      const path = `/api/v2/studies/${me.studyId}/next-step`;
      const answers = await times(10, () => api.client.post(path, { token: me.token, headers }));
      expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 204));
      expect(await progressOf(api.client, me)).toBe('studying');
    });
  });
});

describe('participant codes', () => {
  afterEach(() => jest.restoreAllMocks());

  it('stay unique when ten studies draw the same code at the same instant', async () => {
    const person = await aGuest(api.client);
    await rounds(async (round) => {
      const letter = String.fromCharCode('A'.charCodeAt(0) + (round % 26));
      const taken = `${letter.repeat(5)}${round < 26 ? 'Y' : 'Z'}`;
      const draw = jest.spyOn(api.app.get(ParticipantCodes), 'draw');
      for (let study = 0; study < 10; study += 1) draw.mockReturnValueOnce(taken);
      const studies = await times(10, () => anOpenStudy(api.client, person));
      const rows = await api.sql<{ code: string }>(
        'SELECT code FROM participant_code WHERE study_id IN (?)',
        [studies],
      );
      expect(new Set(rows.map(({ code }) => code)).size).toBe(10);
      expect(rows.filter(({ code }) => code === taken)).toHaveLength(1);
    });
  });
});

describe('a plan and the step that it belongs to', () => {
  it('never lands after the step has changed', async () => {
    await rounds(async () => {
      const me = await aSoloStudy(api.client);
      const body = { participantId: me.participantId, plan: { toDo: '끝까지' } };
      const [written, moved] = await Promise.all([
        api.client.post(`/api/v2/studies/${me.studyId}/contents/write-plan`, { token: me.token, body }),
        next(api.client, me),
      ]);
      expect(moved.status).toBe(204);
      const [row] = await api.sql<{ plan: string | null }>(
        'SELECT plan FROM content WHERE participant_id = ? AND cycle = 1',
        [me.participantId],
      );
      if (written.status === 200) expect(row?.plan).toBe(JSON.stringify(body.plan));
      else expect([refusal(written), row?.plan]).toEqual([[400, 1202], null]);
    });
  });

  it('is never told that its content is missing when the step begins at the same instant', async () => {
    await rounds(async () => {
      const host = await aLobby(api.client);
      const body = { participantId: host.participantId, plan: { toDo: '시작하자마자' } };
      const [written] = await Promise.all([
        api.client.post(`/api/v2/studies/${host.studyId}/contents/write-plan`, { token: host.token, body }),
        next(api.client, host),
      ]);
      if (written.status !== 200) expect(refusal(written)).toEqual([400, 1202]);
    });
  });

  it('waits for a change of step that is under way, and is then refused', async () => {
    const me = await aSoloStudy(api.client);
    const body = { participantId: me.participantId, plan: { toDo: '너무 늦었다' } };
    const release = await holdStep(api, me.studyId, 'STUDYING');
    const writing = api.client.post(`/api/v2/studies/${me.studyId}/contents/write-plan`, {
      token: me.token,
      body,
    });
    await release();
    expect(refusal(await writing)).toEqual([400, 1202]);
  });
});

it('a seat taken twice is refused by the database itself', async () => {
  const host = await aLobby(api.client);
  const guest = await aGuest(api.client);
  const insert = (memberId: number, isHost: number) =>
    api.sql(
      'INSERT INTO participant (study_id, member_id, nickname, is_host, created_at) VALUES (?, ?, ?, ?, ?)',
      [host.studyId, memberId, '몰래', isHost, new Date()],
    );
  await expect(insert(host.memberId, 0)).rejects.toThrow('participant_once');
  await expect(insert(guest.memberId, 1)).rejects.toThrow('participant_one_host');
  await join(api.client, host, host.studyId);
});
