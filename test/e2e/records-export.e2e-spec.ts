import { Statements } from '@app/database';
import { startApi, type TestApi } from '../support/api';
import {
  advance,
  aGuest,
  aLobby,
  aSoloStudy,
  PLAN,
  refusal,
  RETROSPECT,
  write,
  type Person,
} from '../support/people';
import { seedStudies } from '../support/records';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

interface Export {
  readonly member: Record<string, unknown>;
  readonly identities: unknown[];
  readonly sessions: unknown[];
  readonly calendarFeedSince: string | null;
  readonly studies: { studyId: number; contents: unknown[] }[];
}

const json = ({ token }: Person) => api.client.get<Export>('/api/v2/me/export', { token });
const csv = ({ token }: Person) => api.client.get<string>('/api/v2/me/export.csv', { token });

describe('the export of everything', () => {
  it('holds the profile, the logins, the devices, the studies and what was written', async () => {
    const me = await aLobby(api.client, { name: '알고리즘', totalCycle: 2 });
    await advance(api.client, me, 1);
    await write(api.client, me, 'plan');
    await advance(api.client, me, 2);
    await write(api.client, me, 'retrospect');
    await api.sql(
      "INSERT INTO identity (provider, subject, name, member_id, linked_at) VALUES ('google', 'g-1', '루나', ?, '2026-11-01')",
      [me.memberId],
    );
    await api.sql(
      "INSERT INTO session (id, member_id, generation, token_hash, device, created_at, last_used_at, expires_at) VALUES (?, ?, 0, ?, 'Firefox', '2026-11-01', '2026-11-02', '2026-12-01')",
      [Buffer.alloc(16, 1), me.memberId, Buffer.alloc(32, 1)],
    );
    await api.client.post('/api/v2/me/calendar-feed', { token: me.token });
    const instant = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) as unknown;
    const { status, body } = await json(me);
    expect(status).toBe(200);
    expect(body).toEqual({
      exportedAt: instant,
      member: {
        memberId: me.memberId,
        name: 'guest',
        nickname: null,
        email: null,
        imageUrl: null,
        loginType: 'guest',
        timeZone: 'Asia/Seoul',
        createdAt: instant,
      },
      identities: [
        { provider: 'google', subject: 'g-1', name: '루나', linkedAt: '2026-11-01T00:00:00.000Z' },
      ],
      sessions: [
        {
          device: 'Firefox',
          createdAt: '2026-11-01T00:00:00.000Z',
          lastUsedAt: '2026-11-02T00:00:00.000Z',
          expiresAt: '2026-12-01T00:00:00.000Z',
        },
      ],
      calendarFeedSince: instant,
      milestones: expect.any(Array) as unknown,
      studies: [
        {
          studyId: me.studyId,
          name: '알고리즘',
          step: 'retrospect',
          totalCycle: 2,
          timePerCycle: 25,
          currentCycle: 1,
          createdAt: instant,
          nickname: '방장',
          isHost: true,
          joinedAt: instant,
          contents: [
            { cycle: 1, plan: PLAN, retrospect: RETROSPECT },
            { cycle: 2, plan: {}, retrospect: {} },
          ],
        },
      ],
    });
  });

  it('is a file that no cache keeps', async () => {
    const me = await aGuest(api.client);
    const { headers } = await json(me);
    expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(headers.get('content-disposition')).toMatch(
      /^attachment; filename="haru-study-\d{4}-\d\d-\d\d\.json"$/,
    );
    expect(headers.get('cache-control')).toBe('no-store');
  });

  it('has no secret in it', async () => {
    const me = await aSoloStudy(api.client);
    await api.client.post('/api/v2/me/calendar-feed', { token: me.token });
    expect(JSON.stringify((await json(me)).body)).not.toMatch(/hash|token/i);
  });

  it('of one who did nothing is whole, too', async () => {
    const { body } = await json(await aGuest(api.client));
    expect([body.studies, body.identities, body.sessions, body.calendarFeedSince]).toEqual([
      [],
      [],
      [],
      null,
    ]);
  });

  it('has every study once, oldest first, however many there are', async () => {
    const me = await aGuest(api.client);
    const ids = await seedStudies(api, me, 130, { together: 7 });
    expect((await json(me)).body.studies.map(({ studyId }) => studyId)).toEqual(ids);
  });

  it('reads a few studies at a time', async () => {
    const me = await aGuest(api.client);
    await seedStudies(api, me, 130, { together: 7 });
    const spy = jest.spyOn(api.app.get(Statements), 'select');
    await json(me);
    const sizes = (await Promise.all(spy.mock.results.map(({ value }) => value as Promise<unknown[]>))).map(
      (rows) => rows.length,
    );
    spy.mockRestore();
    expect(Math.max(...sizes)).toBe(50);
  });

  it('that breaks off does not look whole, and that cannot begin is a failure with a code', async () => {
    const me = await aGuest(api.client);
    await seedStudies(api, me, 60, { together: 7 });
    const statements = api.app.get(Statements);
    const select = statements.select.bind(statements);
    const failAt = (nth: number) => {
      let batches = 0;
      return jest.spyOn(statements, 'select').mockImplementation((sql, parameters) => {
        if (sql.includes('LEFT JOIN content') && ++batches === nth) throw new Error('the database is gone');
        return select(sql, parameters);
      });
    };
    let spy = failAt(2);
    await expect(json(me)).rejects.toThrow(/terminated|fetch failed/);
    spy.mockRestore();
    spy = failAt(1);
    expect(refusal(await json(me))).toEqual([500, 1690]);
    spy.mockRestore();
    expect((await json(me)).body.studies).toHaveLength(60);
  });

  it('is refused to a token whose member has left', async () => {
    const me = await aGuest(api.client);
    await api.sql('UPDATE member SET token_version = token_version + 1 WHERE id = ?', [me.memberId]);
    expect([refusal(await json(me)), refusal(await csv(me))]).toEqual([
      [401, 1403],
      [401, 1403],
    ]);
    await api.sql('DELETE FROM member WHERE id = ?', [me.memberId]);
    expect([refusal(await json(me)), refusal(await csv(me))]).toEqual([
      [404, 1002],
      [404, 1002],
    ]);
  });
});
