import { startApi, type TestApi } from '../support/api';
import type { Answer, Problem } from '../support/api-client';
import { aGuest, codeOf, join, refusal, studyOf, type Person } from '../support/people';

let api: TestApi;
let guest: Person;
beforeAll(async () => {
  api = await startApi();
  guest = await aGuest(api.client);
});
afterAll(() => api.stop());

const WISH = { name: '알고리즘', totalCycle: 2, timePerCycle: 25 };
const open = (body: unknown, headers: Record<string, string> = {}): Promise<Answer<Problem>> =>
  api.client.post<Problem>('/api/v2/studies', { token: guest.token, body, headers });
const idIn = ({ headers }: Answer) =>
  Number(/^\/api\/v2\/studies\/(\d+)$/.exec(headers.get('location') ?? '')?.[1]);

/** The study that was opened, seen by its creator, who sits down for that. */
const seen = async (answer: Answer) => studyOf(api.client, await join(api.client, guest, idIn(answer)));

describe('opening a study', () => {
  it('answers 201 without a body, and says in Location where the study is', async () => {
    const answer = await open(WISH);
    expect(answer.status).toBe(201);
    expect(answer.body).toBe('');
    expect(answer.headers.get('content-type')).toBeNull();
    expect((await seen(answer)).studyId).toBe(idIn(answer));
  });

  it('takes the numbers as texts, as the create form sends them, and answers numbers', async () => {
    const study = await seen(await open({ name: '알고리즘', totalCycle: '2', timePerCycle: '25' }));
    expect(study).toEqual({
      studyId: expect.any(Number) as number,
      ...WISH,
      currentCycle: 1,
      studyStep: 'waiting',
      progressStep: 'planning',
      createdDate: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string,
      lastModifiedDate: study.createdDate,
    });
  });

  it('does not seat the creator', async () => {
    const path = `/api/v2/studies/${idIn(await open(WISH))}`;
    expect(refusal(await api.client.get(path, { token: guest.token }))).toEqual([403, 1500]);
    const own = await api.client.get(`${path}/participants?memberId=${guest.memberId}`, {
      token: guest.token,
    });
    expect(refusal(own)).toEqual([404, 1201]);
  });

  it('gives each study six capital letters as its code', async () => {
    const studies = [idIn(await open(WISH)), idIn(await open(WISH))];
    const seats = await Promise.all(studies.map((studyId) => join(api.client, guest, studyId)));
    const [one, other] = await Promise.all(seats.map((seat) => codeOf(api.client, seat)));
    expect([one, other]).toEqual([expect.stringMatching(/^[A-Z]{6}$/), expect.stringMatching(/^[A-Z]{6}$/)]);
    expect(one).not.toBe(other);
  });

  it('ignores fields that it does not know', async () => {
    const answer = await open({
      ...WISH,
      studyId: 1,
      step: 'DONE',
      currentCycle: 2,
      creatorId: 1,
      autoAdvance: true,
    });
    expect(await seen(answer)).toMatchObject({ ...WISH, currentCycle: 1, studyStep: 'waiting' });
  });

  it.each([
    { name: 'a' },
    { name: '1234567890' },
    { name: ' ' },
    { name: '          ' },
    { name: '🍣🍣🍣🍣🍣' },
    { totalCycle: 1 },
    { totalCycle: '1' },
    { totalCycle: 8 },
    { totalCycle: '8' },
    { timePerCycle: 20 },
    { timePerCycle: '20' },
    { timePerCycle: 21 },
    { timePerCycle: 60 },
    { timePerCycle: '60' },
  ])('takes %j, at the edge of what is allowed', async (part) => {
    const answer = await open({ ...WISH, ...part });
    expect(answer.status).toBe(201);
    const [[field, value]] = Object.entries(part) as [[string, unknown]];
    expect((await seen(answer))[field as 'name']).toBe(field === 'name' ? value : Number(value));
  });
});

describe('a study that cannot be', () => {
  it.each([
    ...['', '12345678901', '🍣🍣🍣🍣🍣1', null, undefined, 1234, true, ['a'], {}].map((name) => [
      { name },
      1304,
    ]),
    ...[0, 9, -1, 1.5, '0', '9', '-1', '1.0', '2개', '', ' ', ' 2', '0x2', '2e0', '9'.repeat(30)].map(
      (totalCycle) => [{ totalCycle }, 1306],
    ),
    ...[null, undefined, true, [2], {}].map((totalCycle) => [{ totalCycle }, 1306]),
    ...[19, 61, 0, -25, 25.5, '19', '61', '25분', '', '25.0'].map((timePerCycle) => [{ timePerCycle }, 1305]),
    ...[null, undefined, true, [25], {}].map((timePerCycle) => [{ timePerCycle }, 1305]),
  ] as [Record<string, unknown>, number][])('is refused: %j with %i', async (part, code) => {
    const answer = await open({ ...WISH, ...part });
    expect(refusal(answer)).toEqual([400, code]);
    expect(answer.body.errors).toEqual([
      { path: Object.keys(part)[0], code, reason: expect.any(String) as string },
    ]);
    expect(answer.headers.get('location')).toBeNull();
  });

  it.each([
    [{ name: '', totalCycle: 0, timePerCycle: 0 }, [1304, 1306, 1305]],
    [{ timePerCycle: 0, totalCycle: 0, name: '' }, [1304, 1306, 1305]],
    [{ name: null, timePerCycle: 0 }, [1304, 1305]],
    [{ timePerCycle: '61', totalCycle: '9' }, [1306, 1305]],
    [{ name: '', totalCycle: 9 }, [1304, 1306]],
    [{}, [1304, 1306, 1305]],
  ])('is refused by the first of its faults in the order name, cycles, minutes: %j', async (part, codes) => {
    const given = Object.keys(part).length === 0 ? {} : { ...WISH, ...part };
    const { body } = await open(given);
    expect(body.code).toBe(codes[0]);
    expect(body.errors?.map(({ code }) => code)).toEqual(codes);
  });

  it('is refused with 1304 when nothing is sent, since the name is looked at first', async () => {
    expect(refusal(await open(undefined))).toEqual([400, 1304]);
    expect(refusal(await open(''))).toEqual([400, 1304]);
  });

  it('leaves nothing behind', async () => {
    const count = async () => (await api.sql('SELECT id FROM study')).length;
    const before = await count();
    await open({ ...WISH, timePerCycle: 61 });
    expect(await count()).toBe(before);
  });
});

describe('a repeat with the same Idempotency-Key', () => {
  it('is given the first Location, and opens no second study', async () => {
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => open(WISH, { 'idempotency-key': 'open-1' })),
    );
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201, 201]);
    expect(new Set(answers.map(idIn)).size).toBe(1);
    expect(idIn(await open(WISH))).not.toBe(idIn(answers[0] as Answer));
  });

  it('is refused with 1611 when it asks for something else', async () => {
    await open(WISH, { 'idempotency-key': 'open-2' });
    expect(refusal(await open({ ...WISH, name: '운영체제' }, { 'idempotency-key': 'open-2' }))).toEqual([
      422, 1611,
    ]);
  });

  it('is a first try after a refusal', async () => {
    const headers = { 'idempotency-key': 'open-3' };
    expect(refusal(await open({ ...WISH, name: '' }, headers))).toEqual([400, 1304]);
    expect((await open(WISH, headers)).status).toBe(201);
  });
});
