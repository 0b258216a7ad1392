import { anAdmin, type Admin } from '../support/admins';
import { startApi, type TestApi } from '../support/api';
import {
  advance,
  aGuest,
  aLobby,
  aNewcomer,
  aSoloStudy,
  codeOf,
  expectStatus,
  PLAN,
  refusal,
  RETROSPECT,
  UNKNOWN_ID,
  write,
  type Seat,
} from '../support/people';

interface Page {
  readonly totalPage: number;
  readonly data: readonly Record<string, unknown>[];
}

let api: TestApi;
let admin: Admin;
let host: Seat;
let newcomer: Seat;
let solo: Seat;
beforeAll(async () => {
  api = await startApi();
  admin = await anAdmin(api);
  host = await aLobby(api.client, { name: '알고리즘' });
  newcomer = await aNewcomer(api.client, host);
  solo = await aSoloStudy(api.client, { totalCycle: 1, timePerCycle: 20 });
  await write(api.client, solo, 'plan');
  await advance(api.client, solo, 2);
  await write(api.client, solo, 'retrospect');
});
afterAll(() => api.stop());

async function read<Body = Page>(path: string): Promise<Body> {
  return expectStatus(200, await admin.get<Body>(`/api/admin/${path}`)).body;
}

describe('the list of members', () => {
  it('has just the columns that the admin client shows, in its order', async () => {
    const { totalPage, members } = await read<{ totalPage: number; members: unknown[] }>('members');
    expect(totalPage).toBe(1);
    expect(JSON.stringify(members[0])).toBe(
      JSON.stringify({ id: host.memberId, name: 'guest', email: null, imageUrl: null, loginType: 'GUEST' }),
    );
  });

  it.each(['google', 'GOOGLE', 'Google', 'kakao', 'naver'])(
    'is filtered by %s, in any case',
    async (type) => {
      await api.sql(
        `INSERT INTO member (name, email, login_type, created_at) VALUES
       ('구글', 'g@example.com', 'google', NOW(3)), ('카카오', NULL, 'kakao', NOW(3)), ('네이버', NULL, 'naver', NOW(3))`,
      );
      const { members } = await read<{ members: { loginType: string }[] }>(
        `members?loginType=${type}&page=0&size=1`,
      );
      expect(members.map(({ loginType }) => loginType)).toEqual([type.toUpperCase()]);
    },
  );

  it('is whole with an empty filter, and refuses one that is none', async () => {
    const all = await read<{ members: unknown[] }>('members?page=0');
    expect(await read('members?loginType=&page=0')).toEqual(all);
    for (const filter of ['facebook', 'google%20', 'google&loginType=kakao', 'toString'])
      expect(refusal(await admin.get(`/api/admin/members?loginType=${filter}`))).toEqual([400, 1600]);
  });

  it('tells nothing personal of one who has left', async () => {
    const gone = await aGuest(api.client);
    await api.sql('UPDATE member SET name = ?, email = ?, nickname = ? WHERE id = ?', [
      '홍길동',
      'hong@example.com',
      '길동',
      gone.memberId,
    ]);
    const body = { reason: '바빠서' };
    expectStatus(204, await api.client.post('/api/v2/unregister', { token: gone.token, body }));
    const { members } = await read<{ members: { id: number }[] }>('members?size=100');
    expect(members.find(({ id }) => id === gone.memberId)).toEqual({
      id: gone.memberId,
      name: '탈퇴한 회원',
      email: null,
      imageUrl: null,
      loginType: 'GUEST',
    });
  });
});

describe('the lists', () => {
  it('of studies have dates with a zone, and the step in capitals', async () => {
    const [study] = (await read('studies')).data;
    expect(Object.keys(study ?? {})).toEqual([
      'id',
      'name',
      'totalCycle',
      'timePerCycle',
      'currentCycle',
      'step',
      'createdDate',
      'lastModifiedDate',
    ]);
    expect(study).toMatchObject({ id: host.studyId, name: '알고리즘', totalCycle: 2, step: 'WAITING' });
    const isInstant = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as unknown;
    expect([study?.['createdDate'], study?.['lastModifiedDate']]).toEqual([isInstant, isInstant]);
  });

  it('of participants say who is in which study, and who is host', async () => {
    const { data } = await read('participants');
    expect(JSON.stringify(data.slice(0, 2))).toBe(
      JSON.stringify([
        {
          id: host.participantId,
          studyId: host.studyId,
          memberId: host.memberId,
          nickname: '방장',
          isHost: true,
        },
        {
          id: newcomer.participantId,
          studyId: host.studyId,
          memberId: newcomer.memberId,
          nickname: '루나',
          isHost: false,
        },
      ]),
    );
  });

  it('of codes hold those of studies that have one', async () => {
    const { data } = await read('participant-codes');
    const code = await codeOf(api.client, host);
    expect(JSON.stringify(data)).toBe(JSON.stringify([{ id: host.studyId, studyId: host.studyId, code }]));
  });

  it('of contents hold plans and retrospects, `{}` where nothing is written', async () => {
    const { data } = await read('contents?size=100');
    const own = data.filter(({ participantId }) => participantId === solo.participantId);
    const id: unknown = expect.any(Number);
    expect(own).toEqual([
      { id, participantId: solo.participantId, cycle: 1, plan: PLAN, retrospect: RETROSPECT },
    ]);
    expect(Object.keys(own[0] ?? {})).toEqual(['id', 'participantId', 'cycle', 'plan', 'retrospect']);
    const empty = data.filter(({ participantId }) => participantId === host.participantId);
    expect(empty.map(({ cycle, plan, retrospect }) => [cycle, plan, retrospect])).toEqual([
      [1, {}, {}],
      [2, {}, {}],
    ]);
  });

  it('of contents of one study name it', async () => {
    const page = await read<Record<string, unknown>>(`studies/${host.studyId}/contents?page=0&size=3`);
    expect(Object.keys(page)).toEqual(['studyId', 'studyName', 'totalPage', 'contents']);
    expect(page).toMatchObject({ studyId: host.studyId, studyName: '알고리즘', totalPage: 2 });
    expect(page['contents']).toHaveLength(3);
    const missing = await admin.get(`/api/admin/studies/${UNKNOWN_ID}/contents`);
    expect(refusal(missing)).toEqual([404, 1302]);
    expect(refusal(await admin.get('/api/admin/studies/x/contents'))).toEqual([400, 1600]);
  });
});
