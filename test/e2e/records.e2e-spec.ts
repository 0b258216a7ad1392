import { LIMITS } from '../../apps/api/src/http/limits';
import { startApi, type TestApi } from '../support/api';
import type { Problem } from '../support/api-client';
import { aGuest, aLobby, anOpenStudy, aSoloStudy, join, refusal, type Person } from '../support/people';
import { daysOf, namesOf, recordsOf, seedStudies, withStudies } from '../support/records';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

const { list, calendar } = recordsOf(() => api);

describe('the list of records', () => {
  it('shows a study in exactly the fields of the contract, with an instant', async () => {
    const me = await aLobby(api.client, { name: '알고리즘', totalCycle: 2, timePerCycle: 25 });
    const { status, body } = await list(me, '&page=0&size=20&sort=createdDate,desc');
    expect(status).toBe(200);
    expect(body).toEqual({
      studyRecords: [
        {
          studyId: me.studyId,
          name: '알고리즘',
          totalCycle: 2,
          timePerCycle: 25,
          createdDate: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as unknown,
        },
      ],
      pageInfo: { pageNum: 0, totalPages: 1 },
    });
  });

  it('holds every study that one joined, in any step, and nobody else', async () => {
    const me = await aSoloStudy(api.client);
    await join(api.client, me, await anOpenStudy(api.client, me, { name: '대기' }));
    await aSoloStudy(api.client);
    expect(namesOf(await list(me))).toEqual(['대기', '혼자 공부']);
  });

  it('has no page for one who has no record', async () => {
    const { body } = await list(await aGuest(api.client));
    expect(body).toEqual({ studyRecords: [], pageInfo: { pageNum: 0, totalPages: 0 } });
  });

  it("is nobody else's", async () => {
    const [me, other] = [await aGuest(api.client), await aGuest(api.client)];
    expect(refusal(await list({ ...me, memberId: other.memberId }))).toEqual([403, 1500]);
    const dates = '&startDate=2026-11-01&endDate=2026-11-30';
    expect(refusal(await calendar({ ...me, memberId: other.memberId }, dates))).toEqual([403, 1500]);
  });

  it('is refused to a token whose member has left, whatever is asked', async () => {
    const me = await aGuest(api.client);
    await api.sql('UPDATE member SET token_version = token_version + 1 WHERE id = ?', [me.memberId]);
    expect(refusal(await list(me))).toEqual([401, 1403]);
    expect(refusal(await list({ ...me, memberId: 1 }))).toEqual([401, 1403]);
    expect(refusal(await calendar(me, '&startDate=2026-11-01&endDate=2026-11-30'))).toEqual([401, 1403]);
    await api.sql('DELETE FROM member WHERE id = ?', [me.memberId]);
    expect(refusal(await list(me))).toEqual([404, 1002]);
  });

  describe('of somebody with five studies', () => {
    let me: Person;
    beforeAll(async () => {
      me = await aGuest(api.client);
      await withStudies(api, me, {
        c: '2026-03-03 00:00:00',
        a: '2026-01-01 00:00:00',
        e: '2026-05-05 00:00:00',
        b: '2026-02-02 00:00:00',
        d: '2026-04-04 00:00:00',
      });
    });

    it.each([
      ['&size=2&page=0', 'ed', { pageNum: 0, totalPages: 3 }],
      ['&size=2&page=1', 'cb', { pageNum: 1, totalPages: 3 }],
      ['&size=2&page=2', 'a', { pageNum: 2, totalPages: 3 }],
      ['&size=2&page=3', '', { pageNum: 3, totalPages: 3 }],
      ['&size=5', 'edcba', { pageNum: 0, totalPages: 1 }],
      ['&size=1&page=2147483647', '', { pageNum: 2_147_483_647, totalPages: 5 }],
      ['&size=2000&page=2147483647', '', { pageNum: 2_147_483_647, totalPages: 1 }],
      ['&size=2&page=2147483648', 'ed', { pageNum: 0, totalPages: 3 }],
      ['&size=2&page=-1', 'ed', { pageNum: 0, totalPages: 3 }],
      ['&size=2&page=x', 'ed', { pageNum: 0, totalPages: 3 }],
      ['&size=2&page=1&page=2', 'ed', { pageNum: 0, totalPages: 3 }],
      ['&page=&size=', 'edcba', { pageNum: 0, totalPages: 1 }],
      ['&size=0', 'edcba', { pageNum: 0, totalPages: 1 }],
      ['&size=-5', 'edcba', { pageNum: 0, totalPages: 1 }],
      ['&size=many', 'edcba', { pageNum: 0, totalPages: 1 }],
      ['&startDate=2026-02-02&endDate=2026-04-04&size=2', 'dc', { pageNum: 0, totalPages: 2 }],
      ['&startDate=2026-06-01', '', { pageNum: 0, totalPages: 0 }],
      ['&startDate=2026-03-02&endDate=2026-03-01', '', { pageNum: 0, totalPages: 0 }],
      ['&startDate=2026-04-04', 'ed', { pageNum: 0, totalPages: 1 }],
      ['&endDate=2026-02-02', 'ba', { pageNum: 0, totalPages: 1 }],
      ['&startDate=&endDate=', 'edcba', { pageNum: 0, totalPages: 1 }],
      ['&startDate=0001-01-01&endDate=9999-12-31', 'edcba', { pageNum: 0, totalPages: 1 }],
      ['&sort=createdDate,desc', 'edcba', { pageNum: 0, totalPages: 1 }],
      ['&sort=createdDate,asc', 'abcde', { pageNum: 0, totalPages: 1 }],
      ['&sort=createdDate', 'abcde', { pageNum: 0, totalPages: 1 }],
      ['&sort=createdDate,asc&size=2&page=1', 'cd', { pageNum: 1, totalPages: 3 }],
      ['&sort=createdDate,asc&sort=id', 'abcde', { pageNum: 0, totalPages: 1 }],
      ['&sort=password,asc', 'edcba', { pageNum: 0, totalPages: 1 }],
      ['&sort=', 'edcba', { pageNum: 0, totalPages: 1 }],
      ['&unknown=1', 'edcba', { pageNum: 0, totalPages: 1 }],
    ])('asked for %j is %j', async (query, names, pageInfo) => {
      const { status, body } = await list(me, query);
      expect([status, body.studyRecords.map(({ name }) => name).join(''), body.pageInfo]).toEqual([
        200,
        names,
        pageInfo,
      ]);
    });

    it.each([
      ['&startDate=2026-02-30', ['startDate']],
      ['&endDate=2026-02-29', ['endDate']],
      ['&startDate=20260101&endDate=yesterday', ['startDate', 'endDate']],
      ['&startDate=2026-01-01&startDate=2026-01-02', ['startDate']],
      ['&startDate=2026-01-01T00:00:00Z', ['startDate']],
    ])('asked for %j names what is wrong', async (query, paths) => {
      const { status, body } = await list<Problem>(me, query);
      expect([status, body.code, body.errors?.map(({ path }) => path)]).toEqual([400, 1600, paths]);
    });

    it('wants to know whose it is to be', async () => {
      for (const whose of ['', '?memberId=', '?memberId=x', '?memberId=1.5', '?memberId=1&memberId=1']) {
        const answer = await api.client.get(`/api/v2/view/study-records${whose}`, { token: me.token });
        expect([whose, ...refusal(answer)]).toEqual([whose, 400, 1600]);
      }
    });
  });

  it('has at most so many records on a page as the contract says', async () => {
    const me = await aGuest(api.client);
    await seedStudies(api, me, LIMITS.recordPage.max + 1);
    const pages = await Promise.all(
      [LIMITS.recordPage.max, LIMITS.recordPage.max + 1, 99_999].map((size) => list(me, `&size=${size}`)),
    );
    for (const { body } of pages)
      expect([body.studyRecords.length, body.pageInfo.totalPages]).toEqual([LIMITS.recordPage.max, 2]);
    expect((await list(me)).body.studyRecords).toHaveLength(LIMITS.recordPage.default);
  });
});

describe('the calendar', () => {
  it('has the days with records, ascending, each with its studies in the order of time', async () => {
    const me = await aGuest(api.client);
    await withStudies(api, me, {
      c: '2026-03-05 12:00:00',
      b: '2026-03-03 14:59:59.999',
      a: '2026-03-02 15:00:00',
    });
    const answer = await calendar(me, '&startDate=2026-03-01&endDate=2026-03-31');
    expect(daysOf(answer)).toEqual({ '2026-03-03': ['a', 'b'], '2026-03-05': ['c'] });
    expect(Object.keys(answer.body.studyRecords)).toEqual(['2026-03-03', '2026-03-05']);
    expect(Object.keys(answer.body.studyRecords['2026-03-05']?.[0] ?? {})).toEqual([
      'studyId',
      'name',
      'totalCycle',
      'timePerCycle',
      'createdDate',
    ]);
  });

  it('is empty for days without records, and for days in the wrong order', async () => {
    const me = await aLobby(api.client);
    for (const days of [
      '&startDate=2020-01-01&endDate=2020-01-31',
      '&startDate=2099-01-01&endDate=2000-01-01',
    ])
      expect((await calendar(me, days)).body).toEqual({ studyRecords: {} });
  });

  it.each([
    ['', ['startDate', 'endDate']],
    ['&startDate=2026-01-01', ['endDate']],
    ['&startDate=&endDate=2026-01-01', ['startDate']],
    ['&startDate=2026-02-30&endDate=2026-03-01', ['startDate']],
  ])('asked for %j names what is wrong', async (query, paths) => {
    const { status, body } = await calendar<Problem>(await aGuest(api.client), query);
    expect([status, body.code, body.errors?.map(({ path }) => path)]).toEqual([400, 1600, paths]);
  });

  it('answers as many records as it may, and refuses one more', async () => {
    const me = await aGuest(api.client);
    await seedStudies(api, me, LIMITS.calendarRecords);
    const all = '&startDate=2000-01-01&endDate=2099-12-31';
    const { status, body } = await calendar(me, all);
    expect([status, Object.values(body.studyRecords).flat().length]).toEqual([200, LIMITS.calendarRecords]);
    await withStudies(api, me, { z: '2026-11-20 00:00:00' });
    expect(refusal(await calendar(me, all))).toEqual([400, 1600]);
  });
});
