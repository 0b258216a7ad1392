import { startApi, type TestApi } from '../support/api';
import type { Answer, Problem } from '../support/api-client';
import { aGuest, aSoloStudy, expectStatus, refusal, type Person } from '../support/people';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

interface Profile {
  readonly name: string;
  readonly nickname: string | null;
  readonly timeZone: string;
}

const change = ({ token }: Person, body: unknown): Promise<Answer<Profile & Problem>> =>
  api.client.send('PATCH', '/api/v2/me', { token, body });
const profileOf = async ({ token }: Person) =>
  expectStatus(200, await api.client.get<Profile>('/api/v2/me/profile', { token })).body;

const FAMILY = '👨‍👩‍👧‍👦';

describe('the profile', () => {
  it('of a new guest is the name of a guest, no nickname, and the time zone of Seoul', async () => {
    const guest = await aGuest(api.client);
    expect(await profileOf(guest)).toEqual({
      memberId: guest.memberId,
      name: 'guest',
      email: null,
      imageUrl: null,
      loginType: 'guest',
      nickname: null,
      timeZone: 'Asia/Seoul',
    });
  });

  it('is changed in the fields that are sent, and in no other', async () => {
    const guest = await aGuest(api.client);
    expect((await change(guest, { name: '김루나' })).body).toMatchObject({ name: '김루나', nickname: null });
    expect((await change(guest, { nickname: '루나', timeZone: 'america/new_york' })).status).toBe(200);
    const { body } = await change(guest, {});
    expect(body).toMatchObject({ name: '김루나', nickname: '루나', timeZone: 'America/New_York' });
    expect(await profileOf(guest)).toEqual(body);
  });

  it('loses its nickname by null', async () => {
    const guest = await aGuest(api.client);
    await change(guest, { nickname: '루나' });
    expect((await change(guest, { nickname: null })).body.nickname).toBeNull();
  });

  it('is normalised and trimmed', async () => {
    const { body } = await change(await aGuest(api.client), {
      name: ` ${'김루나'.normalize('NFD')} `,
      timeZone: ' utc ',
    });
    expect(body).toMatchObject({ name: '김루나', timeZone: 'UTC' });
  });

  it('does not change what another sees of themselves', async () => {
    const [luna, sol] = [await aGuest(api.client), await aGuest(api.client)];
    await change(luna, { name: '루나' });
    expect((await profileOf(sol)).name).toBe('guest');
  });

  it('leaves the old client its five fields, with the new name', async () => {
    const guest = await aGuest(api.client);
    await change(guest, { name: '김루나', nickname: '루나' });
    const { body } = await api.client.get('/api/v2/me', { token: guest.token });
    expect(Object.entries(body as object)).toEqual([
      ['memberId', guest.memberId],
      ['name', '김루나'],
      ['email', null],
      ['imageUrl', null],
      ['loginType', 'guest'],
    ]);
  });
});

describe('a change that is refused', () => {
  it.each([
    [
      'name',
      ['김'.repeat(50), FAMILY.repeat(14)],
      ['김'.repeat(51), '', ' ', 'a\u0000', '\ud83c', null, 7, ['김']],
      1005,
    ],
    [
      'nickname',
      ['루', '루'.repeat(10), FAMILY.repeat(10)],
      ['루'.repeat(11), '', '\u200b', 'a\nb', 7, {}],
      1204,
    ],
    ['timeZone', ['UTC'], ['Asia/Atlantis', '+09:00', `Asia/${'S'.repeat(60)}`, '', null, 9], 1006],
  ] as const)('is one with a %s out of its limits', async (field, good, bad, code) => {
    const guest = await aGuest(api.client);
    for (const value of good)
      expect((await change(guest, { [field]: value })).body).toMatchObject({ [field]: value });
    const before = await profileOf(guest);
    for (const value of bad) {
      const answer = await change(guest, { [field]: value });
      expect([value, ...refusal(answer)]).toEqual([value, 400, code]);
      expect(answer.body.errors?.map(({ path }) => path)).toEqual([field]);
    }
    expect(await profileOf(guest)).toEqual(before);
  });

  it('is one with a field that cannot be changed, and then nothing is changed', async () => {
    const guest = await aGuest(api.client);
    for (const field of ['email', 'loginType', 'memberId', 'imageUrl', 'tokenVersion']) {
      expect(refusal(await change(guest, { name: '루나', [field]: 'x' }))).toEqual([400, 1600]);
    }
    expect((await profileOf(guest)).name).toBe('guest');
  });

  it('names every wrong field at once, the name first', async () => {
    const answer = await change(await aGuest(api.client), { timeZone: 1, nickname: 1, name: 1 });
    expect(answer.body.errors?.map(({ code }) => code)).toEqual([1005, 1204, 1006]);
  });

  it('is one of a member who is gone', async () => {
    const guest = await aGuest(api.client);
    await api.sql('DELETE FROM member WHERE id = ?', [guest.memberId]);
    expect(refusal(await change(guest, { name: '루나' }))).toEqual([404, 1002]);
    expect(refusal(await api.client.get('/api/v2/me/profile', { token: guest.token }))).toEqual([404, 1002]);
  });
});

describe('a solo study that asks for no nickname', () => {
  const start = async ({ token }: Person, body: object = {}) =>
    expectStatus(
      201,
      await api.client.post<{ nickname: string }>('/api/v2/solo-studies', {
        token,
        body: { totalCycle: 1, timePerCycle: 20, ...body },
      }),
    ).body.nickname;

  it('takes that of the profile', async () => {
    const guest = await aGuest(api.client);
    await change(guest, { name: '김루나', nickname: '루나' });
    expect(await start(guest)).toBe('루나');
    expect(await start(guest, { nickname: '솔' })).toBe('솔');
  });

  it('takes as much of the name as fits, and cuts no character in two', async () => {
    const guest = await aGuest(api.client);
    await change(guest, { name: `${'가'.repeat(9)}${FAMILY}${FAMILY}` });
    expect(await start(guest)).toBe(`${'가'.repeat(9)}${FAMILY}`);
  });

  it('keeps the nickname that it has when the profile changes', async () => {
    const me = await aSoloStudy(api.client);
    await change(me, { nickname: '루나' });
    const path = `/api/v2/studies/${me.studyId}/participants`;
    const { body } = await api.client.get(path, { token: me.token });
    expect(body).toMatchObject({ participants: [{ nickname: 'guest' }] });
  });
});
