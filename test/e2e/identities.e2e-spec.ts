import { IdentitiesService } from '../../apps/api/src/identities/identities.service';
import { startApi, type TestApi } from '../support/api';
import { aProfile, link, logInBy, personOf, trustEveryCode } from '../support/identities';
import { entryWith, refresh } from '../support/logins';
import { aGuest, aSoloStudy, expectStatus, progressOf, refusal, write } from '../support/people';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
beforeEach(() => trustEveryCode(api));
afterEach(() => jest.restoreAllMocks());
afterAll(() => api.stop());

interface Me {
  readonly memberId: number;
  readonly name: string;
  readonly email: string | null;
  readonly imageUrl: string | null;
  readonly loginType: string;
}
const meOf = async (token: string) =>
  expectStatus(200, await api.client.get<Me>('/api/v2/me', { token })).body;
const identitiesOf = async (token: string) =>
  expectStatus(
    200,
    await api.client.get<{ identities: { provider: string; linkedAt: string }[] }>('/api/v2/me/identities', {
      token,
    }),
  ).body.identities;
/** Logs in with what the provider tells this time. */
const logIn = async (...profile: Parameters<typeof aProfile>) => {
  const opened = await api.app.get(IdentitiesService).logIn(aProfile(...profile), 'Firefox');
  return meOf(opened.accessToken);
};

describe('one who logs in by a provider', () => {
  it('is the same member each time, whatever the e-mail', async () => {
    const first = await logIn('same');
    const again = await logIn('same', { email: 'moved@example.com' });
    expect(again).toEqual({ ...first, email: 'moved@example.com' });
  });

  it('is another member than one with the same e-mail at another provider, or the same name for the person there', async () => {
    const told = { email: 'shared@example.com' };
    const google = await logIn('shared', told);
    const kakao = await logIn('shared', { ...told, provider: 'kakao' });
    const stranger = await logIn('stranger', told);
    expect(new Set([google, kakao, stranger].map(({ memberId }) => memberId)).size).toBe(3);
    expect([google.loginType, kakao.loginType]).toEqual(['google', 'kakao']);
  });

  it('is told apart from one whose name at the provider differs in case, accents, width or blanks alone', async () => {
    const subjects = ['abc', 'ABC', 'abç', 'ａｂｃ', 'abc ', ' abc'];
    const members = await Promise.all(subjects.map((subject) => logIn(subject, { email: null })));
    expect(new Set(members.map(({ memberId }) => memberId)).size).toBe(subjects.length);
  });

  it('has the name, the e-mail and the picture that the provider tells now', async () => {
    await logIn('changing', { imageUrl: 'https://img.example/1.png' });
    const told = { name: '새 이름', email: null, imageUrl: 'https://img.example/2.png' };
    expect(await logIn('changing', told)).toMatchObject(told);
  });

  it('keeps a name that they have chosen themselves', async () => {
    const { token } = await personOf(api, await logInBy(api, 'choosy'));
    expectStatus(200, await api.client.send('PATCH', '/api/v2/me', { token, body: { name: '내 이름' } }));
    expect((await logIn('choosy', { name: '남이 준 이름' })).name).toBe('내 이름');
  });

  it('is not linked to the guest whose token came along', async () => {
    const guest = await aGuest(api.client);
    const member = await personOf(api, await logInBy(api, 'passing', 'google', guest.token));
    expect(member.memberId).not.toBe(guest.memberId);
    expect((await meOf(guest.token)).loginType).toBe('guest');
  });
});

describe('a guest who links a provider', () => {
  it('becomes a member with the same id, who keeps studies and records', async () => {
    const guest = await aSoloStudy(api.client);
    expectStatus(200, await write(api.client, guest, 'plan'));
    const member = await personOf(api, await link(api, guest, 'keeper'));
    expect(member.memberId).toBe(guest.memberId);
    expect(await meOf(member.token)).toMatchObject({ name: '루나', loginType: 'google' });
    expect(await progressOf(api.client, { ...guest, token: member.token })).toBe('planning');
    expect(await personOf(api, await logInBy(api, 'keeper'))).toMatchObject({ memberId: guest.memberId });
  });

  it('gets a refresh cookie that works, and its earlier tokens end', async () => {
    const guest = await aGuest(api.client);
    const answer = await link(api, guest, 'renewed');
    const { refreshToken } = await personOf(api, answer);
    expect(await entryWith(api, guest.token)).toBe(1403);
    expect((await refresh(api, refreshToken)).status).toBe(200);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('set-cookie')).toMatch(
      /^refreshToken=[^;]+; Max-Age=\d+; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    );
  });

  it('keeps a name that it has chosen', async () => {
    const { token } = await aGuest(api.client);
    expectStatus(200, await api.client.send('PATCH', '/api/v2/me', { token, body: { name: '손님' } }));
    const member = await personOf(api, await link(api, { token }, 'named'));
    expect(await meOf(member.token)).toMatchObject({ name: '손님', email: 'named@example.com' });
  });
});

describe('a member who links a further provider', () => {
  it('logs in by both, and stays logged in on this device without a second login', async () => {
    const member = await personOf(api, await logInBy(api, 'both'));
    const linked = await personOf(api, await link(api, member, 'both', 'kakao'));
    expect(linked).toMatchObject({ memberId: member.memberId, refreshToken: member.refreshToken });
    expect(await entryWith(api, member.token)).toBe(200);
    expect(await personOf(api, await logInBy(api, 'both', 'kakao'))).toMatchObject({
      memberId: member.memberId,
    });
    expect((await identitiesOf(member.token)).map(({ provider }) => provider)).toEqual(['google', 'kakao']);
  });

  it('stays who the first provider says', async () => {
    const member = await personOf(api, await logInBy(api, 'first'));
    expectStatus(200, await link(api, member, 'first-too', 'naver'));
    await logIn('first-too', { provider: 'naver', name: '다른 이름', email: 'other@example.com' });
    expect(await meOf(member.token)).toMatchObject({
      name: '루나',
      email: 'first@example.com',
      loginType: 'google',
    });
  });

  it('may repeat it', async () => {
    const member = await personOf(api, await logInBy(api, 'repeating'));
    for (let time = 0; time < 2; time += 1) {
      const answer = await link(api, member, 'repeating');
      expect(await personOf(api, answer)).toMatchObject({ memberId: member.memberId });
    }
    expect(await identitiesOf(member.token)).toHaveLength(1);
  });

  it('cannot have two of one provider', async () => {
    const member = await personOf(api, await logInBy(api, 'one'));
    expect(refusal(await link(api, member, 'two'))).toEqual([409, 1412]);
    expect(await identitiesOf(member.token)).toHaveLength(1);
  });
});

describe('the list of identities', () => {
  it('is empty for a guest', async () => {
    expect(await identitiesOf((await aGuest(api.client)).token)).toEqual([]);
  });

  it('tells since when, and nothing that another could log in by', async () => {
    const member = await personOf(api, await logInBy(api, 'listed'));
    const [identity] = await identitiesOf(member.token);
    expect(Object.keys(identity ?? {})).toEqual(['provider', 'linkedAt']);
    expect(Date.parse(identity?.linkedAt ?? '')).toBeGreaterThan(Date.now() - 60_000);
  });
});

describe('a request to link', () => {
  it.each([
    [{ oauthProvider: 'facebook', code: 'a' }, 1400],
    [{ oauthProvider: 'Google', code: 'a' }, 1400],
    [{ code: 'a' }, 1400],
    [{ oauthProvider: 'google' }, 1600],
    [{ oauthProvider: 'google', code: null }, 1600],
    [{ oauthProvider: 'google', code: '' }, 1600],
    [{ oauthProvider: 'google', code: ['a'] }, 1600],
    [{ oauthProvider: 'google', code: 'x'.repeat(2_049) }, 1600],
    [{ oauthProvider: 'google', code: 'a', memberId: 1 }, 1600],
  ])('of %j is refused with %i', async (body, code) => {
    const { token } = await aGuest(api.client);
    expect(refusal(await api.client.post('/api/v2/me/identities', { token, body }))).toEqual([400, code]);
  });

  it.each(['GET', 'POST'])('wants a token (%s)', async (method) => {
    expect(refusal(await api.client.send(method, '/api/v2/me/identities', {}))).toEqual([400, 1404]);
  });

  it('by a provider that is not configured is refused with 1400', async () => {
    jest.restoreAllMocks();
    expect(refusal(await link(api, await aGuest(api.client), 'a'))).toEqual([400, 1400]);
  });
});
