import { anAdmin, type Admin } from '../support/admins';
import { startApi, type TestApi } from '../support/api';
import { holdClock } from '../support/held-clock';
import { advance, aSoloStudy, expectStatus } from '../support/people';

interface Page {
  readonly totalPage: number;
  readonly data: readonly { readonly id: number }[];
}

let api: TestApi;
let admin: Admin;
beforeAll(async () => {
  api = await startApi();
  admin = await anAdmin(api);
});
afterAll(() => api.stop());
afterEach(() => jest.restoreAllMocks());

const idsOf = ({ data }: Page) => data.map(({ id }) => id);

async function read(path: string): Promise<Page> {
  return expectStatus(200, await admin.get<Page>(`/api/admin/${path}`)).body;
}

/** Adds studies behind the service's back, each with the step and since when. @returns their ids */
async function addStudies(studies: readonly Readonly<{ step: string; at: Date }>[]): Promise<number[]> {
  const row = "('s', 1, 20, 1, ?, ?, 0, ?)";
  await api.sql(
    `INSERT INTO study (name, total_cycle, time_per_cycle, current_cycle, step, step_started_at, sequence, created_at)
     VALUES ${studies.map(() => row).join(', ')}`,
    studies.flatMap(({ step, at }) => [step, at, at]),
  );
  const added = await api.sql<{ id: number }>(
    `SELECT id FROM study ORDER BY id DESC LIMIT ${studies.length}`,
  );
  return added.map(({ id }) => id).reverse();
}

describe('a page', () => {
  const OWN = 23;
  beforeAll(async () => {
    const at = new Date('2020-01-01T00:00:00Z');
    await addStudies(Array.from({ length: OWN }, () => ({ step: 'WAITING', at })));
  });

  it.each([1, 2, 7, 20, 100])(
    'of %i rows is followed by the next until all were shown, once and in order',
    async (size) => {
      const all: number[] = [];
      const { totalPage } = await read(`studies?size=${size}`);
      expect(totalPage).toBe(Math.ceil(OWN / size));
      for (let page = 0; page < totalPage; page += 1) {
        const ids = idsOf(await read(`studies?page=${page}&size=${size}`));
        expect(ids.length).toBe(page < totalPage - 1 ? size : OWN - size * (totalPage - 1));
        all.push(...ids);
      }
      expect(all).toEqual(
        (await api.sql<{ id: number }>('SELECT id FROM study ORDER BY id')).map(({ id }) => id),
      );
    },
  );

  it('has 20 rows when nobody says how many', async () => {
    expect((await read('studies')).data).toHaveLength(20);
    expect(await read('studies?page=0')).toEqual(await read('studies?size=20'));
  });

  it('behind the last one is empty', async () => {
    for (const page of [OWN, 10_000_000])
      expect(await read(`studies?page=${page}&size=1`)).toEqual({ totalPage: OWN, data: [] });
  });

  it.each([
    ['page=-1', 'page=0'],
    ['page=x', 'page=0'],
    ['page=1.5', 'page=0'],
    ['page=1&page=2', 'page=0'],
    ['page=2147483648', 'page=0'],
    ['page=10000001&size=1', 'page=10000000&size=1'],
    ['size=0', 'size=20'],
    ['size=-1', 'size=20'],
    ['size=', 'size=20'],
    ['size=101', 'size=100'],
    ['size=2147483647', 'size=100'],
    ['sort=id,desc', 'page=0'],
  ])('asked for by %s is that of %s, as the admin client knows it', async (asked, taken) => {
    expect(await read(`studies?${asked}`)).toEqual(await read(`studies?${taken}`));
  });

  it('is kept by nobody on the way', async () => {
    const { headers } = await admin.get('/api/admin/studies');
    expect(headers.get('cache-control')).toBe('no-store');
  });
});

describe('today', () => {
  it('is the day in Seoul, from its first instant to its last millisecond', async () => {
    const { nowMs } = holdClock(api);
    const seoul = new Date(nowMs + 9 * 3_600_000);
    const midnightMs = Date.UTC(seoul.getUTCFullYear(), seoul.getUTCMonth(), seoul.getUTCDate(), -9);
    const instants = [-1, 0, 86_399_999, 86_400_000].map((ms) => new Date(midnightMs + ms));
    const ids = await addStudies(
      instants.flatMap((at) => ['DONE', 'RETROSPECT'].map((step) => ({ step, at }))),
    );
    expect(idsOf(await read('studies/created'))).toEqual(ids.slice(2, 6));
    expect(idsOf(await read('studies/done'))).toEqual([ids[2], ids[4]]);
  });

  it('shows a study among those that are done when its last step is over', async () => {
    holdClock(api);
    const ended = await aSoloStudy(api.client, { totalCycle: 1 });
    await advance(api.client, ended, 2);
    expect(idsOf(await read('studies/done?size=100'))).not.toContain(ended.studyId);
    await advance(api.client, ended, 1);
    expect(idsOf(await read('studies/done?size=100'))).toContain(ended.studyId);
    expect(idsOf(await read('studies/created?size=100'))).toContain(ended.studyId);
  });
});
