import { ADMIN, anAdminAccount } from '../support/admins';
import { startApi, type TestApi } from '../support/api';
import type { Answer } from '../support/api-client';
import { advance, aSoloStudy, expectStatus } from '../support/people';
import { Cookies } from '../support/web-tab';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
  await anAdminAccount(api);
});
afterAll(() => api.stop());

type Row = Readonly<Record<string, unknown>>;
interface Table {
  readonly totalPage: number;
  readonly members?: readonly Row[];
  readonly data?: readonly Row[];
  readonly contents?: readonly Row[];
}

/** The existing admin client: its session is a cookie, and any answer but 2xx sends it to its login page. */
class AdminClient {
  private readonly cookies = new Cookies();
  page: 'login' | 'tables' = 'login';

  async login(account: string, password: string): Promise<boolean> {
    const answer = await api.client.post('/api/admin/login', {
      body: new URLSearchParams({ account, password }).toString(),
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...this.cookies.header },
    });
    if (answer.status === 200) this.enter(answer);
    return answer.status === 200;
  }

  async open(path: string): Promise<Table | undefined> {
    const answer = await api.client.get<Table>(`/api/admin/${path}`, { headers: this.cookies.header });
    if (answer.status === 200) return answer.body;
    this.page = 'login';
    return undefined;
  }

  private enter(answer: Answer): void {
    this.cookies.keep(answer);
    this.page = 'tables';
  }
}

/** Its tables: what it asks for, and the columns that it then shows, in this order. */
const MEMBER = ['id', 'name', 'email', 'imageUrl', 'loginType'];
const STUDY = [
  'id',
  'name',
  'totalCycle',
  'timePerCycle',
  'currentCycle',
  'step',
  'createdDate',
  'lastModifiedDate',
];
const CONTENT = ['id', 'participantId', 'cycle', 'plan', 'retrospect'];
const TABLES: [string, 'members' | 'data', string[]][] = [
  ['members?page=0&size=10', 'members', MEMBER],
  ['members?loginType=guest&page=0&size=10', 'members', MEMBER],
  ['members?&page=0', 'members', MEMBER],
  ['studies?page=0&size=10', 'data', STUDY],
  ['studies/created?page=0&size=10', 'data', STUDY],
  ['studies/done?page=0&size=10', 'data', STUDY],
  ['participants?page=0&size=10', 'data', ['id', 'studyId', 'memberId', 'nickname', 'isHost']],
  ['contents?page=0&size=10', 'data', CONTENT],
];

describe('the admin client', () => {
  let admin: AdminClient;
  let studyId: number;
  beforeAll(async () => {
    const solo = await aSoloStudy(api.client, { totalCycle: 1 });
    await advance(api.client, solo, 3);
    studyId = solo.studyId;
    admin = new AdminClient();
    expect(await admin.login(ADMIN.account, ADMIN.password)).toBe(true);
  });

  it.each(TABLES)('opens the table %s', async (path, key, columns) => {
    const table = await admin.open(path);
    expect([admin.page, table?.totalPage]).toEqual(['tables', 1]);
    expect(Object.keys(table ?? {}).toSorted()).toEqual([key, 'totalPage'].toSorted());
    expect(Object.keys(table?.[key]?.[0] ?? {})).toEqual(columns);
  });

  it('opens the table of codes', async () => {
    const { body } = await api.client.post<{ accessToken: string }>('/api/v2/auth/guest');
    const form = { name: '알고리즘', totalCycle: '2', timePerCycle: '25' };
    expectStatus(201, await api.client.post('/api/v2/studies', { token: body.accessToken, body: form }));
    const row = (await admin.open('participant-codes?page=0&size=10'))?.data?.[0];
    expect(Object.keys(row ?? {})).toEqual(['id', 'studyId', 'code']);
  });

  it('opens what was written in a study', async () => {
    const table = await admin.open(`studies/${studyId}/contents?page=0&size=10`);
    expect(table).toMatchObject({ studyId, totalPage: 1 });
    expect(Object.keys(table ?? {})).toEqual(['studyId', 'studyName', 'totalPage', 'contents']);
    expect(Object.keys(table?.contents?.[0] ?? {})).toEqual(CONTENT);
  });

  it('stays at its login page with a wrong password, and comes back to it when its session is over', async () => {
    const stranger = new AdminClient();
    expect(await stranger.login(ADMIN.account, 'wrong')).toBe(false);
    expect(await stranger.open('members?page=0&size=10')).toBeUndefined();
    expect(stranger.page).toBe('login');
    await api.sql('UPDATE admin_session SET expires_at = NOW(3) - INTERVAL 1 SECOND');
    expect(await admin.open('members?page=0&size=10')).toBeUndefined();
    expect(admin.page).toBe('login');
    expect(await admin.login(ADMIN.account, ADMIN.password)).toBe(true);
    expect(await admin.open('members?page=0&size=10')).toBeDefined();
  });
});
