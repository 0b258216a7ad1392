import { startApi, type TestApi } from '../support/api';
import { advance, aGuest, aLobby, aSoloStudy, PLAN, write, type Person } from '../support/people';
import { openedAt, seedStudies } from '../support/records';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

const csv = ({ token }: Person) => api.client.get<string>('/api/v2/me/export.csv', { token });

/** Reads RFC 4180, and nothing that only looks like it. */
function cellsOf(text: string): string[][] {
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/gy;
  const rows: string[][] = [[]];
  let end = 0;
  for (const [all, quoted, plain, after] of text.matchAll(cell)) {
    rows.at(-1)?.push(quoted?.replaceAll('""', '"') ?? plain ?? '');
    if (after === '\r\n') rows.push([]);
    end += all.length;
  }
  expect(end).toBe(text.length);
  expect(rows.pop()).toEqual([]);
  return rows;
}

/** `fetch` takes the mark away that tells UTF-8. */
async function recordsOf(person: Person): Promise<Record<string, string>[]> {
  const [header = [], ...rows] = cellsOf((await csv(person)).body);
  return rows.map((row) => {
    expect(row).toHaveLength(header.length);
    return Object.fromEntries(row.map((cell, n) => [header[n] ?? '', cell]));
  });
}

describe('the export for spreadsheets', () => {
  it('has a line for each cycle, with the day in the zone of the member', async () => {
    const me = await aLobby(api.client, { name: '알고리즘', totalCycle: 2 });
    await advance(api.client, me, 1);
    await write(api.client, me, 'plan');
    await openedAt(api, me.studyId, '2026-11-19 15:00:00');
    const about = {
      day: '2026-11-20',
      studyId: String(me.studyId),
      name: '알고리즘',
      nickname: '방장',
      step: 'planning',
      totalCycle: '2',
      timePerCycle: '25',
      createdAt: '2026-11-19T15:00:00.000Z',
      doneAsExpected: '',
      experiencedDifficulty: '',
      lesson: '',
      otherAnswers: '',
    };
    const unwritten = Object.fromEntries(Object.keys(PLAN).map((key) => [key, '']));
    expect(await recordsOf(me)).toEqual([
      { ...about, cycle: '1', ...PLAN },
      { ...about, cycle: '2', ...unwritten },
    ]);
  });

  it('is a file in UTF-8 that Excel knows, with the line ends of RFC 4180', async () => {
    const me = await aSoloStudy(api.client, { totalCycle: 1 });
    const answer = await fetch(`${api.baseUrl}/api/v2/me/export.csv`, {
      headers: { authorization: `Bearer ${me.token}` },
    });
    const bytes = Buffer.from(await answer.arrayBuffer());
    expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
    expect(bytes.toString()).toMatch(/\r\n$/);
    expect(bytes.toString().replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
    expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present');
    expect(answer.headers.get('content-disposition')).toMatch(
      /^attachment; filename="haru-study-[\d-]+\.csv"$/,
    );
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  it('brings every text through as it was written, but no formula', async () => {
    const me = await aSoloStudy(api.client, { totalCycle: 1 });
    const odd = 'a,"b"\r\nc\nd\re;f\t🍣';
    await write(api.client, me, 'plan', {
      toDo: odd,
      completionCondition: '=HYPERLINK("http://evil","x")',
      expectedProbability: '-1+1',
      expectedDifficulty: '＝1+1',
      whatCanYouDo: '\t@SUM(A1)',
      mine: '=1',
    });
    expect(await recordsOf(me)).toMatchObject([
      {
        toDo: odd,
        completionCondition: `'=HYPERLINK("http://evil","x")`,
        expectedProbability: "'-1+1",
        expectedDifficulty: "'＝1+1",
        whatCanYouDo: "'\t@SUM(A1)",
        otherAnswers: '{"plan":{"mine":"=1"}}',
      },
    ]);
  });

  it('of one who did nothing has only its header', async () => {
    expect(await recordsOf(await aGuest(api.client))).toEqual([]);
  });

  it('has a study of which no cycle was kept', async () => {
    const me = await aSoloStudy(api.client);
    await api.sql('DELETE FROM content WHERE participant_id = ?', [me.participantId]);
    expect(await recordsOf(me)).toMatchObject([{ studyId: String(me.studyId), cycle: '', toDo: '' }]);
  });

  it('has every cycle once, oldest first, however many there are', async () => {
    const me = await aGuest(api.client);
    const ids = await seedStudies(api, me, 60, { together: 7 });
    const found = (await recordsOf(me)).map(({ studyId, cycle }) => [Number(studyId), Number(cycle)]);
    expect(found).toEqual(ids.flatMap((id) => [1, 2].map((cycle) => [id, cycle])));
  });
});
