import { Statements } from '@app/database';
import { startApi, type TestApi } from '../support/api';
import { aGuest, aLobby, aSoloStudy, type Person } from '../support/people';
import { daysOf, namesOf, recordsOf, seedStudies, withStudies } from '../support/records';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

const { list, calendar } = recordsOf(() => api);

const inZone = (person: Person, zone: string) =>
  api.sql('UPDATE member SET time_zone = ? WHERE id = ?', [zone, person.memberId]);

describe('a day of the records', () => {
  it.each([
    ['Asia/Seoul', '2026-11-20', '2026-11-19 15:00:00.000', '2026-11-20 14:59:59.999'],
    ['Asia/Seoul', '2028-02-29', '2028-02-28 15:00:00.000', '2028-02-29 14:59:59.999'],
    ['Asia/Seoul', '2026-12-31', '2026-12-30 15:00:00.000', '2026-12-31 14:59:59.999'],
    ['America/New_York', '2026-03-08', '2026-03-08 05:00:00.000', '2026-03-09 03:59:59.999'],
    ['America/New_York', '2026-11-01', '2026-11-01 04:00:00.000', '2026-11-02 04:59:59.999'],
    ['America/Santiago', '2024-09-08', '2024-09-08 04:00:00.000', '2024-09-09 02:59:59.999'],
  ])('in %s, %s, holds its first and its last instant and none beyond', async (zone, day, first, last) => {
    const me = await aGuest(api.client);
    await inZone(me, zone);
    await withStudies(api, me, { b: first, c: last });
    const [before, after] = [new Date(`${first}Z`).getTime() - 1, new Date(`${last}Z`).getTime() + 1];
    await withStudies(api, me, { a: asSql(before), d: asSql(after) });
    const range = `&startDate=${day}&endDate=${day}`;
    expect(namesOf(await list(me, range))).toEqual(['c', 'b']);
    expect(daysOf(await calendar(me, range))).toEqual({ [day]: ['b', 'c'] });
  });

  it('counts what was opened half a millisecond before midnight, on one day only', async () => {
    const me = await aGuest(api.client);
    await withStudies(api, me, { x: '2026-11-20 14:59:59.9995' });
    const days = ['2026-11-20', '2026-11-21'];
    const found = await Promise.all(
      days.map(async (day) => [
        namesOf(await list(me, `&startDate=${day}&endDate=${day}`)),
        daysOf(await calendar(me, `&startDate=${day}&endDate=${day}`)),
      ]),
    );
    // MariaDB cuts what is less than a millisecond, MySQL rounds it: one day or the other.
    const onOne = (day: string | undefined) => [['x'], { [day ?? '']: ['x'] }];
    expect([
      [onOne(days[0]), [[], {}]],
      [[[], {}], onOne(days[1])],
    ]).toContainEqual(found);
  });
});

describe('the records', () => {
  it('take three statements at most, for one study or two thousand', async () => {
    const statements = api.app.get(Statements);
    const me = await aSoloStudy(api.client);
    const paths = [
      `/api/v2/view/study-records?memberId=${me.memberId}`,
      `/api/v2/view/calendar/study-records?memberId=${me.memberId}&startDate=2020-01-01&endDate=2099-12-31`,
      '/api/v2/me/study-records',
    ];
    const counted = async () => {
      const counts = [];
      for (const path of paths) {
        const spy = jest.spyOn(statements, 'select');
        expect((await api.client.get(path, { token: me.token })).status).toBe(200);
        counts.push(spy.mock.calls.length);
        spy.mockRestore();
      }
      return counts;
    };
    expect(await counted()).toEqual([2, 2, 2]);
    await seedStudies(api, me, 2_000);
    expect(await counted()).toEqual([3, 2, 2]);
  });

  it('show where the release before this one has seated a member, who does not know the time of a study', async () => {
    const me = await aLobby(api.client, { name: '옛' });
    await api.sql('UPDATE participant SET study_created_at = NULL WHERE id = ?', [me.participantId]);
    expect(namesOf(await list(me))).toEqual(['옛']);
    const rows = await api.sql(
      'SELECT p.id FROM participant p WHERE p.id = ? AND p.study_created_at IS NULL',
      [me.participantId],
    );
    expect(rows).toEqual([]);
  });
});

function asSql(atMs: number): string {
  return new Date(atMs).toISOString().replace('T', ' ').replace('Z', '');
}
