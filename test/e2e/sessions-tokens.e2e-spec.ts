import { startApi, type TestApi } from '../support/api';
import { entryWith, logIn, refresh, type Device } from '../support/logins';
import { aGuest } from '../support/people';
import { claimsOf, mint, secondsFromNow } from '../support/tokens';

let api: TestApi;
let device: Device;
let stranger: Device;
beforeAll(async () => {
  api = await startApi();
  [device, stranger] = [await logIn(api), await logIn(api)];
});
afterAll(() => api.stop());

const sidOf = ({ token }: Device) => claimsOf(token)['sid'];
const unsigned = (token: string) => `${token.slice(0, token.lastIndexOf('.'))}.`;

describe("a member's access token", () => {
  it('names the member, their version and the login, and nothing else of them', () => {
    const { iat, exp, ...claims } = claimsOf(device.token);
    const sid = device.refreshToken.split('.')[0];
    expect(claims).toEqual({ sub: String(device.memberId), ver: 0, sid, typ: 'access', aud: 'haru-study' });
    expect(Number(exp) - Number(iat)).toBe(15 * 60);
  });

  it('minted as the service does it is let in', async () => {
    const token = mint(device.memberId, { claims: { ver: 0, sid: sidOf(device) } });
    expect(await entryWith(api, token)).toBe(200);
  });

  it.each<[string, () => Record<string, unknown>]>([
    ['names the login of somebody else', () => ({ sid: sidOf(stranger) })],
    ['names a login that nobody has', () => ({ sid: Buffer.alloc(16, 1).toString('base64url') })],
    ['names a login by a text that is none', () => ({ sid: 'x' })],
    ['names a login by a number', () => ({ sid: 1 })],
    ['names no login but an empty text', () => ({ sid: '' })],
    ['names a login that is null', () => ({ sid: null })],
    ['is of a version to come', () => ({ ver: 1 })],
    ['is of a version before the first', () => ({ ver: -1 })],
    ['is of a version in words', () => ({ ver: '0' })],
    ['is of a version that is null', () => ({ ver: null })],
    ['is of a fraction of a version', () => ({ ver: 0.5 })],
    ['is for another audience', () => ({ aud: 'haru-admin' })],
    ['is a refresh token by its type', () => ({ typ: 'refresh' })],
    ['is over', () => ({ exp: secondsFromNow(0) })],
  ])('that %s is refused with 1403', async (_name, claims) => {
    const token = mint(device.memberId, { claims: { ver: 0, sid: sidOf(device), ...claims() } });
    expect(await entryWith(api, token)).toBe(1403);
  });

  it('without a true signature is refused with 1403', async () => {
    const claims = { ver: 0, sid: sidOf(device) };
    const none = { alg: 'none' };
    const forged = [
      unsigned(mint(device.memberId, { claims, header: none })),
      mint(device.memberId, { claims, header: none }),
      mint(device.memberId, { claims, key: 'another-secret-of-32-bytes-0123456789' }),
      mint(device.memberId, { claims, header: { alg: 'HS512' }, hash: 'sha512' }),
    ];
    for (const token of forged) expect(await entryWith(api, token)).toBe(1403);
  });

  it('is refused once the version of the member has grown, and a refresh gives one of the new version', async () => {
    const member = await logIn(api);
    await api.sql('UPDATE member SET token_version = 7 WHERE id = ?', [member.memberId]);
    expect(await entryWith(api, member.token)).toBe(1403);
    const { body } = await refresh(api, member.refreshToken);
    expect(claimsOf(body.accessToken)['ver']).toBe(7);
    expect(await entryWith(api, body.accessToken)).toBe(200);
  });
});

describe('a token of the release before, which knew neither versions nor logins', () => {
  const claims = { ver: undefined, sid: undefined };

  it('is one of the first version without a login', async () => {
    const guest = await aGuest(api.client);
    expect(await entryWith(api, mint(guest.memberId, { claims }))).toBe(200);
  });

  it('is refused once the version of its member has grown', async () => {
    const guest = await aGuest(api.client);
    const token = mint(guest.memberId, { claims });
    expect(await entryWith(api, token)).toBe(200);
    await api.sql('UPDATE member SET token_version = 1 WHERE id = ?', [guest.memberId]);
    expect(await entryWith(api, token)).toBe(1403);
  });
});
