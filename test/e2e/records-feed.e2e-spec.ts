import { CalendarFeedService } from '../../apps/api/src/calendar-feed/calendar-feed.service';
import { Transactor } from '@app/database';
import { LIMITS } from '../../apps/api/src/http/limits';
import { startApi, type TestApi } from '../support/api';
import { advance, aGuest, aLobby, aSoloStudy, expectStatus, refusal, type Person } from '../support/people';
import { seedStudies } from '../support/records';
import { letPass } from '../support/time-travel';
import { ask } from '../support/wire';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

const DAY_S = 24 * 60 * 60;

/** @returns path of a new feed */
async function aFeedOf({ token }: Person): Promise<string> {
  const answer = await api.client.post<{ url: string }>('/api/v2/me/calendar-feed', { token });
  return new URL(expectStatus(201, answer).body.url).pathname;
}
const read = (path: string) => api.client.get<string>(path);
const studiesIn = (calendar: string) =>
  [...calendar.matchAll(/^UID:study-(\d+)@/gm)].map(([, id]) => Number(id));

describe('a calendar feed', () => {
  it('shows the studies to a calendar that cannot log in', async () => {
    const me = await aSoloStudy(api.client, { name: '알고;리즘' });
    const { status, headers, body } = await read(await aFeedOf(me));
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('text/calendar; charset=utf-8');
    expect(headers.get('cache-control')).toBe('private, no-store');
    expect(body).toMatch(/^BEGIN:VCALENDAR\r\n/);
    expect(body).toContain('SUMMARY:알고\\;리즘\r\n');
    expect(studiesIn(body)).toEqual([me.studyId]);
  });

  it('is told as an address of the site that was asked, once, to nobody but the caller', async () => {
    const { token } = await aGuest(api.client);
    const headers = { 'x-forwarded-host': 'haru.example', 'x-forwarded-proto': 'https' };
    const answer = await api.client.post<{ url: string }>('/api/v2/me/calendar-feed', { token, headers });
    expect(answer.body.url).toMatch(/^https:\/\/haru\.example\/api\/v2\/calendar-feeds\/[\w-]{43}\.ics$/);
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  it('has only what was started, newest first, of the days that a feed goes back', async () => {
    const me = await aLobby(api.client);
    const feed = await aFeedOf(me);
    expect(studiesIn((await read(feed)).body)).toEqual([]);
    await advance(api.client, me, 1);
    expect(studiesIn((await read(feed)).body)).toEqual([me.studyId]);
    await letPass(api, me.studyId, LIMITS.feedDays * DAY_S - 60);
    expect(studiesIn((await read(feed)).body)).toEqual([me.studyId]);
    await letPass(api, me.studyId, 61);
    expect(studiesIn((await read(feed)).body)).toEqual([]);
  });

  it('has so many studies at most, the newest', async () => {
    const me = await aSoloStudy(api.client);
    const aDayAgo = new Date(Date.now() - DAY_S * 1_000).toISOString().slice(0, 19).replace('T', ' ');
    const ids = await seedStudies(api, me, LIMITS.feedStudies, { from: aDayAgo });
    const found = studiesIn((await read(await aFeedOf(me))).body);
    expect(found).toEqual([me.studyId, ...ids.slice(1).reverse()]);
  });

  it('shows the studies in which the release before this one has seated its member', async () => {
    const me = await aSoloStudy(api.client);
    await api.sql('UPDATE participant SET study_created_at = NULL WHERE id = ?', [me.participantId]);
    expect(studiesIn((await read(await aFeedOf(me))).body)).toEqual([me.studyId]);
  });

  it('is gone when a new one is opened', async () => {
    const me = await aGuest(api.client);
    const [first, second] = [await aFeedOf(me), await aFeedOf(me)];
    expect(first).not.toBe(second);
    expect(refusal(await read(first))).toEqual([404, 1700]);
    expect((await read(second)).status).toBe(200);
  });

  it('is one, however many are opened at once', async () => {
    const me = await aGuest(api.client);
    const feeds = await Promise.all(Array.from({ length: 10 }, () => aFeedOf(me)));
    const answers = await Promise.all(feeds.map(read));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  it('is gone when it is revoked, as often as that is asked', async () => {
    const me = await aGuest(api.client);
    const feed = await aFeedOf(me);
    const revoke = () => api.client.delete('/api/v2/me/calendar-feed', { token: me.token });
    expect([(await revoke()).status, (await revoke()).status]).toEqual([204, 204]);
    expect(refusal(await read(feed))).toEqual([404, 1700]);
  });

  it("is revoked with its member's account, and no one else's", async () => {
    const [me, other] = [await aGuest(api.client), await aGuest(api.client)];
    const [mine, others] = [await aFeedOf(me), await aFeedOf(other)];
    await api.app
      .get(Transactor)
      .write((em) => api.app.get(CalendarFeedService).revokeAllOf(em, me.memberId));
    expect([(await read(mine)).status, (await read(others)).status]).toEqual([404, 200]);
    await api.sql('UPDATE member SET unregistered_at = UTC_TIMESTAMP() WHERE id = ?', [other.memberId]);
    expect(refusal(await read(others))).toEqual([404, 1700]);
  });

  it('is not opened for a member who is gone', async () => {
    const me = await aGuest(api.client);
    await api.sql('DELETE FROM member WHERE id = ?', [me.memberId]);
    const answer = await api.client.post('/api/v2/me/calendar-feed', { token: me.token });
    expect(refusal(answer)).toEqual([404, 1002]);
  });

  it.each(['x', 'x'.repeat(43), '%00', '%F0%9F%8D%A3', "'%20OR%201=1"])(
    'of the token %j does not exist',
    async (token) => {
      expect(refusal(await read(`/api/v2/calendar-feeds/${token}.ics`))).toEqual([404, 1700]);
    },
  );

  it('leaves its token neither in the database nor in the log', async () => {
    const me = await aGuest(api.client);
    const feed = await aFeedOf(me);
    const token = /([\w-]{43})\.ics$/.exec(feed)?.[1] ?? '';
    await ask(api.baseUrl, feed, { headers: { 'x-request-id': 'line-of-feed' } });
    await ask(api.baseUrl, `${feed}x`, { headers: { 'x-request-id': 'line-of-none' } });
    const lines = api.logs.filter(({ requestId }) => /^line-of-(feed|none)$/.test(String(requestId)));
    expect(lines.map(({ route, status }) => [route, status])).toEqual([
      ['/api/v2/calendar-feeds/:token.ics', 200],
      ['unmatched', 404],
    ]);
    expect(JSON.stringify(api.logs)).not.toContain(token);
    const rows = await api.sql<{ token_hash: Buffer }>('SELECT * FROM calendar_feed');
    for (const { token_hash } of rows) {
      expect(token_hash.toString('latin1')).not.toContain(token);
      expect(token_hash.equals(Buffer.from(token, 'base64url'))).toBe(false);
    }
  });
});
