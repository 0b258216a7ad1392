import { LIMITS } from '../../apps/api/src/http/limits';
import { toCursor } from '../../apps/api/src/records/record-cursor';
import { startApi, type TestApi } from '../support/api';
import type { Answer, Problem } from '../support/api-client';
import {
  advance,
  aGuest,
  aLobby,
  aNewcomer,
  aSoloStudy,
  join,
  anOpenStudy,
  leave,
  refusal,
  write,
  type Person,
} from '../support/people';
import { seedStudies } from '../support/records';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

interface Item {
  readonly studyId: number;
  readonly createdAt: string;
}
interface ListOf {
  readonly items: readonly Item[];
  readonly nextCursor: string | null;
}

const list = <Body = ListOf>({ token }: Person, query = ''): Promise<Answer<Body>> =>
  api.client.get<Body>(`/api/v2/me/study-records${query}`, { token });

/** Reads page by page to the end. */
async function allOf(person: Person, limit: number, query = ''): Promise<number[][]> {
  const pages: number[][] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const at: string = cursor === '' ? '' : `&cursor=${cursor}`;
    const { body } = await list(person, `?limit=${limit}${at}${query}`);
    pages.push(body.items.map(({ studyId }) => studyId));
    cursor = body.nextCursor;
  }
  return pages;
}

describe("the caller's records", () => {
  it('say what was studied and what the caller wrote', async () => {
    const me = await aLobby(api.client, { name: '알고리즘', totalCycle: 2, timePerCycle: 25 });
    const other = await aNewcomer(api.client, me, '루나');
    await advance(api.client, me, 1);
    await write(api.client, me, 'plan');
    await write(api.client, other, 'plan');
    await advance(api.client, me, 2);
    await write(api.client, other, 'retrospect');
    await advance(api.client, me, 1);
    await write(api.client, me, 'plan');
    const { status, body } = await list(me);
    expect(status).toBe(200);
    expect(body).toEqual({
      items: [
        {
          studyId: me.studyId,
          name: '알고리즘',
          nickname: '방장',
          totalCycle: 2,
          timePerCycle: 25,
          step: 'planning',
          cyclesStudied: 1,
          plans: 2,
          retrospects: 0,
          createdAt: expect.stringMatching(/Z$/) as unknown,
        },
      ],
      nextCursor: null,
    });
    expect((await list(other)).body.items).toMatchObject([{ nickname: '루나', plans: 1, retrospects: 1 }]);
  });

  it('leave out what was never started', async () => {
    const me = await aSoloStudy(api.client);
    await join(api.client, me, await anOpenStudy(api.client, me));
    expect((await list(me)).body.items.map(({ studyId }) => studyId)).toEqual([me.studyId]);
  });

  it('leave out what one has left', async () => {
    const me = await aSoloStudy(api.client);
    await leave(api.client, me);
    expect((await list(me)).body).toEqual({ items: [], nextCursor: null });
  });

  describe('of somebody with ten studies, three of one instant', () => {
    let me: Person;
    let newestFirst: number[];
    beforeAll(async () => {
      me = await aGuest(api.client);
      const days = ['20', '19', '18', '17', '17', '17', '16', '15', '14', '13'];
      newestFirst = [];
      for (const day of [...days].reverse())
        newestFirst.unshift(await aStudyOf(me, `2026-11-${day} 00:00:00`));
    });

    it.each([1, 2, 3, 4, 9, 10, 11])('are read on by %i, none twice and none left out', async (limit) => {
      const pages = await allOf(me, limit);
      expect(pages.flat()).toEqual(newestFirst);
      expect(pages.slice(0, -1).every((page) => page.length === limit)).toBe(true);
      expect(pages.every((page) => page.length > 0)).toBe(true);
    });

    it.each([
      ['&from=2026-11-17', 0, 6],
      ['&to=2026-11-17', 3, 10],
      ['&from=2026-11-15&to=2026-11-18', 2, 8],
      ['&from=2026-11-17&to=2026-11-17', 3, 6],
      ['&from=2026-11-21', 0, 0],
    ])('between days %s are read on by two', async (query, first, end) => {
      expect((await allOf(me, 2, query)).flat()).toEqual(newestFirst.slice(first, end));
    });

    it('go on where they were although a newer one has come meanwhile', async () => {
      const { body } = await list(me, '?limit=3');
      const newer = await aStudyOf(me, '2026-11-21 00:00:00');
      const rest = await list(me, `?limit=50&cursor=${body.nextCursor}`);
      expect(rest.body.items.map(({ studyId }) => studyId)).toEqual(newestFirst.slice(3));
      await api.sql('DELETE FROM participant WHERE study_id = ?', [newer]);
    });

    it('begin at the newest of the days when the cursor is of a later one', async () => {
      const cursor = toCursor({ at: new Date('2026-11-20T00:00:00Z'), studyId: 1 });
      const { body } = await list(me, `?to=2026-11-14&cursor=${cursor}`);
      expect(body.items.map(({ studyId }) => studyId)).toEqual(newestFirst.slice(8));
    });
  });

  it('have as many on a page as was asked for, up to the limit', async () => {
    const me = await aGuest(api.client);
    await seedStudies(api, me, LIMITS.page.max + 1);
    const lengthOf = async (query: string) => (await list(me, query)).body.items.length;
    expect(await lengthOf('')).toBe(LIMITS.page.default);
    expect(await lengthOf(`?limit=${LIMITS.page.min}`)).toBe(LIMITS.page.min);
    expect(await lengthOf(`?limit=${LIMITS.page.max}`)).toBe(LIMITS.page.max);
    for (const limit of [LIMITS.page.min - 1, LIMITS.page.max + 1, 'x', '1.5', ''])
      expect([limit, ...refusal(await list(me, `?limit=${limit}`))]).toEqual([limit, 400, 1600]);
  });

  it.each([
    ['?from=2026-02-30', ['from']],
    ['?from=2026-11-20&to=2026-11-19', ['to']],
    ['?from=&to=x', ['from', 'to']],
    ['?cursor=', ['cursor']],
    ['?cursor=bm9uc2Vuc2U', ['cursor']],
    ['?cursor=a&cursor=b', ['cursor']],
    ['?memberId=1', ['memberId']],
    ['?page=0', ['page']],
  ])('asked for by %s say what is wrong', async (query, paths) => {
    const { status, body } = await list<Problem>(await aGuest(api.client), query);
    expect([status, body.code, body.errors?.map(({ path }) => path)]).toEqual([400, 1600, paths]);
  });

  it("are the caller's own, whoever's cursor it is", async () => {
    const [me, other] = [await aGuest(api.client), await aGuest(api.client)];
    await aStudyOf(other, '2026-11-01 00:00:00');
    await aStudyOf(other, '2026-11-02 00:00:00');
    const { body } = await list(other, '?limit=1');
    expect((await list(me, `?cursor=${body.nextCursor}`)).body.items).toEqual([]);
  });

  it('are refused to a token whose member has left', async () => {
    const me = await aGuest(api.client);
    await api.sql('UPDATE member SET token_version = token_version + 1 WHERE id = ?', [me.memberId]);
    expect(refusal(await list(me))).toEqual([401, 1403]);
  });
});

/** A study that is over, opened at an instant (UTC). */
async function aStudyOf(person: Person, from: string): Promise<number> {
  const [id = 0] = await seedStudies(api, person, 1, { from });
  return id;
}
