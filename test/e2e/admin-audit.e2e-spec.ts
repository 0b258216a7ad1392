import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { HousekeepingService } from '../../apps/api/src/housekeeping/housekeeping.service';
import { ADMIN, anAdmin, cookieOf, tryToLogIn, type Admin } from '../support/admins';
import { startApi, type TestApi } from '../support/api';
import { aGuest, expectStatus, refusal } from '../support/people';
import { newFolder } from '../support/api-process';
import { ask } from '../support/wire';

interface Line {
  readonly id: number;
  readonly at: string;
  readonly account: string;
  readonly request: string;
  readonly address: string;
}
interface Trail {
  readonly items: readonly Line[];
  readonly nextCursor: string | null;
}

let api: TestApi;
let admin: Admin;
const fronts: Server[] = [];
beforeAll(async () => {
  api = await startApi();
  admin = await anAdmin(api);
});
afterAll(async () => {
  for (const front of fronts) front.close();
  await api.stop();
});

async function trail(query = ''): Promise<Trail> {
  return expectStatus(200, await admin.get<Trail>(`/api/admin/audit${query}`)).body;
}
/** @returns the path of a socket on which the service listens, too */
async function unixSocket(): Promise<string> {
  const path = join(newFolder(), 'api.sock');
  const front = createServer((peer) => void api.app.getHttpServer().emit('connection', peer)).listen(path);
  await once(front, 'listening');
  fronts.push(front);
  return path;
}
const requestsOf = ({ items }: Trail) => items.map(({ request }) => request);
const lines = async () => (await api.sql('SELECT id FROM admin_audit')).length;

describe('the trail of administrators', () => {
  it('tells who asked for what, when and from where, the newest first', async () => {
    const started = Date.now();
    await admin.get('/api/admin/members?loginType=kakao&page=0&size=10');
    await admin.get('/api/admin/studies/7/contents', { headers: { 'x-forwarded-for': '203.0.113.7' } });
    const { items } = await trail('?limit=3');
    expect(items.map(({ account, request, address }) => [account, request, address])).toEqual([
      [ADMIN.account, 'GET /api/admin/audit?limit=3', '127.0.0.1'],
      [ADMIN.account, 'GET /api/admin/studies/7/contents', '203.0.113.7'],
      [ADMIN.account, 'GET /api/admin/members?loginType=kakao&page=0&size=10', '127.0.0.1'],
    ]);
    for (const { at } of items) {
      expect(Date.parse(at)).toBeGreaterThanOrEqual(started - 1_000);
      expect(Date.parse(at)).toBeLessThanOrEqual(Date.now() + 1_000);
    }
  });

  it('holds logins and logouts, and what was asked for in vain', async () => {
    const cookie = cookieOf(await tryToLogIn(api));
    await api.client.get('/api/admin/members?loginType=x', { headers: { cookie } });
    await api.client.post('/api/admin/logout', { headers: { cookie } });
    await api.client.post('/api/admin/logout', { headers: { cookie } });
    expect(requestsOf(await trail('?limit=4'))).toEqual([
      'GET /api/admin/audit?limit=4',
      'POST /api/admin/logout',
      'GET /api/admin/members?loginType=x',
      'POST /api/admin/login',
    ]);
  });

  it('holds nothing of those who are no administrators: they could fill it', async () => {
    const before = await lines();
    const { token } = await aGuest(api.client);
    await tryToLogIn(api, { ...ADMIN, password: 'wrong' });
    await api.client.get('/api/admin/members', { token });
    await api.client.get('/api/admin/members', { headers: { cookie: `JSESSIONID=${'a'.repeat(43)}` } });
    expect(await lines()).toBe(before);
  });

  it('is written before anything is shown: what cannot be noted is not read', async () => {
    await api.sql('RENAME TABLE admin_audit TO admin_audit_gone');
    expect(refusal(await admin.get('/api/admin/members'))).toEqual([500, 1690]);
    await api.sql('RENAME TABLE admin_audit_gone TO admin_audit');
    expect((await admin.get('/api/admin/members')).status).toBe(200);
  });

  it('cuts what is longer than 500 characters', async () => {
    const path = '/api/admin/members?x=';
    const asked = ['GET ', path, 'a'.repeat(500 - 4 - path.length)].join('');
    await admin.get(asked.slice(4));
    await admin.get(`${asked.slice(4)}b`);
    expect(requestsOf(await trail('?limit=3')).slice(1)).toEqual([asked, asked]);
  });

  it.each([
    ['nonsense', 'x'],
    ['a long text', 'a'.repeat(1_000)],
    ['nothing', undefined],
  ])('lets administrators in whose proxy tells %s of where they are', async (_, told) => {
    const forwarded = told === undefined ? {} : { 'x-forwarded-for': told };
    const headers = { cookie: admin.cookie, ...forwarded };
    expect((await ask(await unixSocket(), '/api/admin/members', { headers })).status).toBe(200);
    expect((await trail('?limit=2')).items[1]?.address).toBe('unknown');
  });

  it('leaves the network interface out of an address', async () => {
    await admin.get('/api/admin/members', { headers: { 'x-forwarded-for': 'fe80::1%eth0' } });
    expect((await trail('?limit=2')).items[1]?.address).toBe('fe80::1');
  });

  it('is read page by page to its beginning, each line once', async () => {
    const all: number[] = [];
    let query = '?limit=2';
    for (;;) {
      const { items, nextCursor } = await trail(query);
      all.push(...items.map(({ id }) => id));
      if (nextCursor === null) break;
      expect(items).toHaveLength(2);
      query = `?limit=2&cursor=${nextCursor}`;
    }
    const [first] = await api.sql<{ id: number }>('SELECT MIN(id) AS id FROM admin_audit');
    expect(all.at(-1)).toBe(first?.id);
    expect(all).toEqual([...new Set(all)].sort((a, b) => b - a));
  });

  it('has no next page behind the last line', async () => {
    const [second] = await api.sql<{ id: number }>('SELECT id FROM admin_audit ORDER BY id LIMIT 1, 1');
    expect((await trail(`?limit=1&cursor=${second?.id ?? 0}`)).nextCursor).toBeNull();
    expect((await trail(`?cursor=1`)).items).toEqual([]);
  });

  it('has limits at both ends and refuses what it does not know', async () => {
    for (const query of ['?limit=1', '?limit=50', '?cursor=1', `?cursor=${Number.MAX_SAFE_INTEGER}`])
      await trail(query);
    for (const query of [
      'limit=0',
      'limit=51',
      'limit=x',
      'cursor=0',
      'cursor=x',
      'cursor=1&cursor=2',
      'page=0',
    ])
      expect([query, ...refusal(await admin.get(`/api/admin/audit?${query}`))]).toEqual([query, 400, 1600]);
  });

  it('is kept for a year, sessions until they are over', async () => {
    const age = (day: string) =>
      api.sql(
        `UPDATE admin_audit SET at = UTC_TIMESTAMP(3) - INTERVAL 365 DAY + INTERVAL ${day} ORDER BY id LIMIT 1`,
      );
    await api.sql('UPDATE admin_session SET expires_at = UTC_TIMESTAMP(3) - INTERVAL 1 SECOND LIMIT 1');
    const [before, sessions] = [await lines(), await sessionCount()];
    await age('1 MINUTE');
    await api.app.get(HousekeepingService).tidy();
    expect([await lines(), await sessionCount()]).toEqual([before, sessions - 1]);
    await age('-1 SECOND');
    await api.app.get(HousekeepingService).tidy();
    expect(await lines()).toBe(before - 1);
  });
});

const sessionCount = async () => (await api.sql('SELECT admin_id FROM admin_session')).length;
