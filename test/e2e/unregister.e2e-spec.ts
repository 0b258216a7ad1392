import { startApi, type TestApi } from '../support/api';
import { trustEveryCode } from '../support/identities';
import { aMember, unregister } from '../support/members';
import { aGuest, expectStatus, refusal } from '../support/people';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
  trustEveryCode(api, { name: '김루나' });
});
afterAll(async () => {
  jest.restoreAllMocks();
  await api.stop();
});

const FAMILY = '👨‍👩‍👧‍👦';
/** As the database gives a day; it may change while a test runs. */
const today = () => new Date(`${new Date().toISOString().slice(0, 10)}T00:00:00.000Z`);
const reasons = () => api.sql('SELECT * FROM unregistration ORDER BY id DESC LIMIT 1').then(([row]) => row);

describe('leaving the service', () => {
  it('answers 204 without a body, and takes the refresh cookie away', async () => {
    const { status, body, headers } = await unregister(api.client, await aGuest(api.client));
    expect([status, body]).toEqual([204, '']);
    expect(headers.get('set-cookie')).toMatch(/^refreshToken=; Max-Age=0; Path=\//);
  });

  it('keeps the reason with the day and how long one has stayed, and nothing that says who it was', async () => {
    const member = await aMember(api, 'leaver');
    await api.sql(
      "UPDATE member SET created_at = created_at - INTERVAL 49 HOUR, time_zone = 'UTC' WHERE id = ?",
      [member.memberId],
    );
    const days = [today()];
    await unregister(api.client, member, ' 시간이 없어요.\n다음에 봐요. ');
    days.push(today());
    const kept = await reasons();
    expect(days).toContainEqual(kept?.['unregistered_on']);
    expect(kept).toEqual({
      id: expect.any(Number) as number,
      reason: '시간이 없어요.\n다음에 봐요.',
      login_type: 'google',
      member_for_days: 2,
      unregistered_on: expect.any(Date) as Date,
    });
  });

  it.each([undefined, null, '', ' \n\t', '\u200b', 7, true, [], ['이유'], {}])(
    'wants a reason: %j is refused with 1003, and one stays',
    async (reason) => {
      const guest = await aGuest(api.client);
      const answer = await api.client.post('/api/v2/unregister', { token: guest.token, body: { reason } });
      expect(refusal(answer)).toEqual([400, 1003]);
      expect(answer.body).toMatchObject({ message: '빈 탈퇴 사유는 작성이 불가능합니다.' });
      expect((await api.client.get('/api/v2/me', { token: guest.token })).status).toBe(200);
    },
  );

  it('wants a reason also when no body comes at all', async () => {
    const { token } = await aGuest(api.client);
    expect(refusal(await api.client.post('/api/v2/unregister', { token }))).toEqual([400, 1003]);
  });

  it.each(['가'.repeat(501), 'a\u0000b', 'a\u009fb', 'a\ud83c', `e${'\u0323'.repeat(2_001)}`])(
    'refuses a reason that is too long or not a text for people, with 1004',
    async (reason) => {
      expect(refusal(await unregister(api.client, await aGuest(api.client), reason))).toEqual([400, 1004]);
    },
  );

  it.each([
    '가'.repeat(500),
    FAMILY.repeat(285),
    '그\n냥',
    '.',
    `e${'\u0323'.repeat(2_000)}`.normalize('NFC'),
  ])('takes a reason of up to 500 characters', async (reason) => {
    expect((await unregister(api.client, await aGuest(api.client), reason)).status).toBe(204);
    expect(await reasons()).toMatchObject({ reason });
  });

  it('does not mind fields that it does not know', async () => {
    const { token } = await aGuest(api.client);
    const body = { reason: '그냥', memberId: 1 };
    expect((await api.client.post('/api/v2/unregister', { token, body })).status).toBe(204);
  });

  it('of one who is gone is refused with 1002', async () => {
    const guest = await aGuest(api.client);
    await api.sql('DELETE FROM member WHERE id = ?', [guest.memberId]);
    expect(refusal(await unregister(api.client, guest))).toEqual([404, 1002]);
  });
});

describe('one who has left', () => {
  it.each([
    'me',
    'me/profile',
    'studies',
    'progress?studyId=1',
    'waiting?studyId=1',
    'submitted?studyId=1',
    'studies/1',
  ])('is told so by 1403 at %s, and so is a guest', async (path) => {
    for (const person of [await aMember(api, 'gone'), await aGuest(api.client)]) {
      await unregister(api.client, person);
      const answer = await api.client.get(`/api/v2/${path}`, { token: person.token });
      expect(refusal(answer)).toEqual([401, 1403]);
    }
  });

  it('cannot leave once more', async () => {
    const guest = await aGuest(api.client);
    await unregister(api.client, guest);
    expect(refusal(await unregister(api.client, guest))).toEqual([401, 1403]);
  });

  it('is logged out on every device: each refresh ends by 1402', async () => {
    const [phone, laptop] = [await aMember(api, 'devices'), await aMember(api, 'devices')];
    expect(laptop.memberId).toBe(phone.memberId);
    await unregister(api.client, phone);
    for (const { token, refreshToken } of [phone, laptop]) {
      expect(refusal(await api.client.get('/api/v2/me', { token }))).toEqual([401, 1403]);
      const headers = { cookie: `refreshToken=${refreshToken}` };
      expect(refusal(await api.client.post('/api/v2/auth/refresh', { headers }))).toEqual([400, 1402]);
    }
  });

  it('is a new member at the next login with the same identity', async () => {
    const before = await aMember(api, 'phoenix');
    const body = { nickname: '불새', timeZone: 'UTC' };
    expectStatus(200, await api.client.send('PATCH', '/api/v2/me', { token: before.token, body }));
    await unregister(api.client, before);
    const after = await aMember(api, 'phoenix');
    expect(after.memberId).toBeGreaterThan(before.memberId);
    const profile = await api.client.get('/api/v2/me/profile', { token: after.token });
    expect(profile.body).toMatchObject({ name: '김루나', nickname: null, timeZone: 'Asia/Seoul' });
    expect((await api.client.get('/api/v2/studies', { token: after.token })).body).toEqual({ studies: [] });
  });

  it('leaves others as they are', async () => {
    const [leaver, stayer] = [await aMember(api, 'leaves'), await aMember(api, 'stays')];
    await unregister(api.client, leaver);
    const { body } = await api.client.get('/api/v2/me', { token: stayer.token });
    expect(body).toMatchObject({ memberId: stayer.memberId, name: '김루나', email: 'stays@example.com' });
  });
});
