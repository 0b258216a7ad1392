import { startApi, type TestApi } from '../support/api';
import type { Answer, Problem } from '../support/api-client';
import {
  advance,
  aGuest,
  aLobby,
  aNewcomer,
  anOpenStudy,
  aSoloStudy,
  codeOf,
  enterCode,
  leave,
  refusal,
  studyOf,
  UNKNOWN_ID,
  type Person,
  type Seat,
  type Study,
} from '../support/people';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

const get = <Body>(path: string, { token }: Person): Promise<Answer<Body>> =>
  api.client.get<Body>(`/api/v2/${path}`, { token });
const idsOf = async (path: string, person: Person) =>
  (await get<{ studies: Study[] }>(path, person)).body.studies.map(({ studyId }) => studyId);

describe('a study', () => {
  it('is shown in each step with the two words that the record and the timer know', async () => {
    const host = await aLobby(api.client, { totalCycle: 2 });
    const shown = [];
    for (let step = 0; step <= 7; step += 1) {
      const { studyStep, progressStep, currentCycle } = await studyOf(api.client, host);
      shown.push([studyStep, progressStep, currentCycle]);
      await advance(api.client, host, 1);
    }
    expect(shown).toEqual([
      ['waiting', 'planning', 1],
      ['inProgress', 'planning', 1],
      ['inProgress', 'studying', 1],
      ['inProgress', 'retrospect', 1],
      ['inProgress', 'planning', 2],
      ['inProgress', 'studying', 2],
      ['inProgress', 'retrospect', 2],
      ['done', 'retrospect', 2],
    ]);
  });

  it('is shown to each of its participants, and to nobody else', async () => {
    const host = await aLobby(api.client);
    const newcomer = await aNewcomer(api.client, host);
    expect(await studyOf(api.client, newcomer)).toEqual(await studyOf(api.client, host));
    await leave(api.client, newcomer);
    for (const stranger of [await aGuest(api.client), newcomer])
      expect(refusal(await get(`studies/${host.studyId}`, stranger))).toEqual([403, 1500]);
  });

  it('that does not exist is refused with 1302, before anybody asks who is in it', async () => {
    expect(refusal(await get(`studies/${UNKNOWN_ID}`, await aGuest(api.client)))).toEqual([404, 1302]);
  });

  it.each(['x', '0', '-1', '1.5', '1e3', '0x1', '%20', '9007199254740993'])(
    'with the id %j is refused with 1600',
    async (id) => {
      expect(refusal(await get(`studies/${id}`, await aGuest(api.client)))).toEqual([400, 1600]);
    },
  );
});

describe('the list of studies', () => {
  it("holds the caller's own in every step, the oldest first, and no others", async () => {
    const host = await aLobby(api.client);
    const over = await aLobby(api.client, { totalCycle: 1 });
    await advance(api.client, over, 4);
    const person = await aNewcomer(api.client, host);
    expect(await idsOf('studies', person)).toEqual([host.studyId]);
    expect(await idsOf('studies', over)).toEqual([over.studyId]);
    const { body } = await get<{ studies: Study[] }>('studies', over);
    expect(body.studies).toEqual([await studyOf(api.client, over)]);
  });

  it('keeps the order of opening, not of joining', async () => {
    const [first, second] = [await aLobby(api.client), await aLobby(api.client)];
    const person = await aGuest(api.client);
    for (const host of [second, first]) {
      await enterCode(api.client, person, await codeOf(api.client, host));
      const body = { memberId: person.memberId, nickname: '루나' };
      await api.client.post(`/api/v2/studies/${host.studyId}/participants`, { token: person.token, body });
    }
    expect(await idsOf('studies', person)).toEqual([first.studyId, second.studyId]);
  });

  it('is the same for the own member id, and refused with 1500 for any other', async () => {
    const host = await aLobby(api.client);
    const stranger = await aGuest(api.client);
    expect(await idsOf(`studies?memberId=${host.memberId}`, host)).toEqual([host.studyId]);
    for (const memberId of [host.memberId, UNKNOWN_ID])
      expect(refusal(await get(`studies?memberId=${memberId}`, stranger))).toEqual([403, 1500]);
  });

  it('is empty for one who has joined none, though others have, and for one who has left', async () => {
    const host = await aLobby(api.client);
    const newcomer = await aNewcomer(api.client, host);
    await leave(api.client, newcomer);
    expect(await idsOf('studies', newcomer)).toEqual([]);
    const creator = await aGuest(api.client);
    await anOpenStudy(api.client, creator);
    expect(await idsOf('studies', creator)).toEqual([]);
  });

  it.each(['memberId=x', 'memberId=', 'memberId=0', 'memberId=1.5', 'memberId=1&memberId=2'])(
    'refuses %j with 1600',
    async (query) => {
      expect(refusal(await get(`studies?${query}`, await aGuest(api.client)))).toEqual([400, 1600]);
    },
  );
});

describe('a participant code', () => {
  const enter = async (typed: string): Promise<Answer<{ studies: Study[] }>> =>
    enterCode(api.client, await aGuest(api.client), typed);

  it('finds exactly its study, in every step until the end', async () => {
    const host = await aLobby(api.client, { totalCycle: 1 });
    const code = await codeOf(api.client, host);
    for (let step = 0; step < 4; step += 1) {
      const { status, body } = await enter(code);
      expect([status, body]).toEqual([200, { studies: [await studyOf(api.client, host)] }]);
      await advance(api.client, host, 1);
    }
    const refused = await enter(code);
    expect(refusal(refused)).toEqual([400, 1301]);
    expect((await enterCode(api.client, host, code)).body.studies).toHaveLength(1);
  });

  it('may be typed in small letters and with blanks around', async () => {
    const host = await aLobby(api.client);
    const code = await codeOf(api.client, host);
    for (const typed of [code.toLowerCase(), `  ${code} `, `\t${code}\n`, `\u3000${code}`])
      expect((await enter(typed)).body.studies[0]?.studyId).toBe(host.studyId);
  });

  it('counts alone: a member id beside it is not looked at', async () => {
    const host = await aLobby(api.client);
    const path = `studies?memberId=${host.memberId}&participantCode=${await codeOf(api.client, host)}`;
    expect(await idsOf(path, await aGuest(api.client))).toEqual([host.studyId]);
  });

  it.each([
    'ZZZZZZ',
    '',
    ' ',
    'QWERT',
    'QWERTYU',
    'Q W E R',
    '%',
    '______',
    '가나다라마바',
    "' OR 1=1 -- ",
    '🍣',
  ])('that nobody has been given is refused with 1300: %j', async (typed) => {
    await api.sql("DELETE FROM participant_code WHERE code = 'ZZZZZZ'");
    expect(refusal(await enter(typed))).toEqual([404, 1300]);
  });

  it('given twice is refused with 1600', async () => {
    const path = 'studies?participantCode=QWERTY&participantCode=ASDFGH';
    expect(refusal(await get(path, await aGuest(api.client)))).toEqual([400, 1600]);
  });
});

describe('participant-codes', () => {
  const ask = (studyId: number | string, person: Person) =>
    get<Problem>(`participant-codes?studyId=${studyId}`, person);

  it('shows the code to each participant, in every step, and to nobody else', async () => {
    const host = await aLobby(api.client);
    const newcomer: Seat = await aNewcomer(api.client, host);
    await advance(api.client, host, 2);
    expect(await codeOf(api.client, newcomer)).toBe(await codeOf(api.client, host));
    expect(refusal(await ask(host.studyId, await aGuest(api.client)))).toEqual([403, 1500]);
  });

  it('refuses an unknown study with 1302 and a study without a code with 1300', async () => {
    const solo = await aSoloStudy(api.client);
    expect(refusal(await ask(UNKNOWN_ID, solo))).toEqual([404, 1302]);
    expect(refusal(await ask(solo.studyId, solo))).toEqual([404, 1300]);
    expect(refusal(await ask(solo.studyId, await aGuest(api.client)))).toEqual([403, 1500]);
  });

  it.each(['', 'x', '0'])('refuses the study id %j with 1600', async (studyId) => {
    expect(refusal(await ask(studyId, await aGuest(api.client)))).toEqual([400, 1600]);
  });
});
