import { LIMITS } from '../http/limits';
import { profileOf } from './profile-of';
import { PROVIDERS, type Provider } from './provider-profile';

const NAMELESS = '이름 없는 회원';
const GOOGLE = {
  sub: '108',
  name: '김하루',
  email: 'haru@example.com',
  email_verified: true,
  picture: 'https://lh3.example/a',
};
const GOOGLE_OLDER = {
  id: '108',
  name: '김하루',
  email: 'haru@example.com',
  verified_email: true,
  picture: 'https://lh3.example/a',
};
const ACCOUNT = {
  profile: { nickname: '하루', profile_image_url: 'http://k.example/a.jpg' },
  email: 'haru@example.com',
  is_email_valid: true,
  is_email_verified: true,
};
const KAKAO = { id: 123_456_789, connected_at: '2026-01-01T00:00:00Z', kakao_account: ACCOUNT };
const RESPONSE = {
  id: 'mQ-9',
  nickname: '하루',
  name: '김하루',
  email: 'haru@naver.com',
  profile_image: 'https://ssl.example/a.png',
};
const NAVER = { resultcode: '00', message: 'success', response: RESPONSE };

describe('who somebody is', () => {
  it('is read of what each provider answers', () => {
    const image = 'https://lh3.example/a';
    const atGoogle = { provider: 'google', subject: '108', name: '김하루', imageUrl: image };
    expect(profileOf('google', GOOGLE)).toEqual({ ...atGoogle, email: 'haru@example.com' });
    expect(profileOf('google', GOOGLE_OLDER)).toEqual({ ...atGoogle, email: 'haru@example.com' });
    expect(profileOf('kakao', KAKAO)).toEqual({
      provider: 'kakao',
      subject: '123456789',
      name: '하루',
      email: 'haru@example.com',
      imageUrl: 'http://k.example/a.jpg',
    });
    expect(profileOf('naver', NAVER)).toEqual({
      provider: 'naver',
      subject: 'mQ-9',
      name: '하루',
      email: null,
      imageUrl: 'https://ssl.example/a.png',
    });
  });

  it('may stand in older places, too', () => {
    const properties = { nickname: '옛 이름', profile_image: 'https://k.example/old.jpg' };
    const older = { name: '옛 이름', imageUrl: 'https://k.example/old.jpg' };
    expect(profileOf('kakao', { id: 1, properties })).toMatchObject(older);
    expect(profileOf('naver', { response: { id: 'a', name: '김하루' } })).toMatchObject({ name: '김하루' });
  });

  it('needs no more than a subject', () => {
    const bare = { name: NAMELESS, email: null, imageUrl: null };
    expect(profileOf('google', { sub: 'a' })).toEqual({ provider: 'google', subject: 'a', ...bare });
    expect(profileOf('kakao', { id: 1 })).toEqual({ provider: 'kakao', subject: '1', ...bare });
    expect(profileOf('naver', { response: { id: 'a' } })).toEqual({
      provider: 'naver',
      subject: 'a',
      ...bare,
    });
  });

  it.each([
    null,
    undefined,
    1,
    'text',
    [],
    {},
    { response: null },
    { id: null, sub: null, response: { id: null } },
  ])('is not in %j', (answer) => {
    for (const provider of PROVIDERS) expect(profileOf(provider, answer)).toBeUndefined();
  });
});

describe('a subject', () => {
  const subjectOf = (id: unknown) => profileOf('kakao', { id })?.subject;

  it('is a text, or a number that JSON keeps exactly', () => {
    expect(subjectOf(0)).toBe('0');
    expect(subjectOf(Number.MAX_SAFE_INTEGER)).toBe('9007199254740991');
    expect(subjectOf('x'.repeat(LIMITS.providerTold.subject))).toHaveLength(255);
    const wrong = [2 ** 53, 1.5, NaN, true, '', 'x'.repeat(256), 'a\0b', 'a\ud800', ['a'], { a: 1 }, 1n];
    for (const id of wrong) expect([id, subjectOf(id)]).toEqual([id, undefined]);
  });

  it('is kept as it is: two that differ in a letter are two people', () => {
    expect(subjectOf('Aé ')).toBe('Aé ');
  });
});

describe('an e-mail', () => {
  const verified: Readonly<Record<Provider, (flags: object) => unknown>> = {
    google: (flags) => ({ ...GOOGLE, email_verified: undefined, ...flags }),
    kakao: (flags) => ({ ...KAKAO, kakao_account: { ...ACCOUNT, ...flags } }),
    naver: (flags) => ({ response: { ...RESPONSE, ...flags } }),
  };
  const emailOf = (provider: Provider, flags: object) =>
    profileOf(provider, verified[provider](flags))?.email;

  it.each<readonly [Provider, object]>([
    ['google', {}],
    ['google', { email_verified: false }],
    ['google', { email_verified: 'true' }],
    ['google', { email_verified: 1 }],
    ['google', { verified_email: 'true' }],
    ['google', { email_verified: false, verified_email: true }],
    ['kakao', { is_email_valid: false }],
    ['kakao', { is_email_verified: false }],
    ['kakao', { is_email_valid: undefined }],
    ['kakao', { is_email_verified: 'true' }],
    ['kakao', { is_email_valid: 1, is_email_verified: 1 }],
    ['naver', {}],
    ['naver', { email_verified: true, is_email_valid: true, is_email_verified: true }],
  ])('of %s is nothing with %j: it is not verified', (provider, flags) => {
    expect(emailOf(provider, flags)).toBeNull();
  });

  it('is an address that a column holds', () => {
    const withEmail = (email: unknown) => emailOf('google', { email, email_verified: true });
    expect(withEmail('a@b')).toBe('a@b');
    expect(withEmail(`${'x'.repeat(318)}@b`)).toHaveLength(320);
    for (const email of [`${'x'.repeat(319)}@b`, '', 'ab', '@b', 'a@', 'a b@c', 'a@b\0', null, 1, ['a@b']])
      expect([email, withEmail(email)]).toEqual([email, null]);
  });
});

describe('a name', () => {
  const nameOf = (name: unknown) => profileOf('google', { sub: 'a', name })?.name;

  it('is cleaned of what nobody can see, and composed', () => {
    expect(nameOf('  김\u0000하\u2028루\ud800 ')).toBe('김하루');
    expect(nameOf('\u1100\u1161')).toBe('가');
  });

  it.each([undefined, null, 1, {}, '', '   ', '\0', '\u200b\u3164'])('of %j is a common one', (name) => {
    expect(nameOf(name)).toBe(NAMELESS);
  });

  it('is cut between characters as people see them', () => {
    const family = '👨‍👩‍👧‍👦';
    expect(nameOf('가'.repeat(50))).toBe('가'.repeat(50));
    expect(nameOf('가'.repeat(51))).toBe('가'.repeat(50));
    expect(nameOf(`${'가'.repeat(43)}${family}나`)).toBe(`${'가'.repeat(43)}${family}`);
    expect(nameOf(`${'가'.repeat(44)}${family}나`)).toBe('가'.repeat(44));
    expect(nameOf(`${'a'.repeat(49)} b`)).toBe('a'.repeat(49));
    expect(nameOf(`e${'\u0301'.repeat(60)}`)).toBe(NAMELESS);
  });
});

describe('a picture', () => {
  const imageOf = (picture: unknown) => profileOf('google', { sub: 'a', picture })?.imageUrl;

  it('is an address on the web', () => {
    expect(imageOf('https://a.example/b?c=d')).toBe('https://a.example/b?c=d');
    expect(imageOf('http://a.example')).toBe('http://a.example/');
    for (const picture of [
      'javascript:alert(1)',
      'data:image/png,x',
      '//a.example',
      'a.png',
      '',
      null,
      1,
      {},
    ])
      expect([picture, imageOf(picture)]).toEqual([picture, null]);
  });

  it('is as long as a column holds', () => {
    const longest = `https://a.example/${'x'.repeat(2_048 - 18)}`;
    expect(imageOf(longest)).toBe(longest);
    expect(imageOf(`${longest}x`)).toBeNull();
    expect(imageOf(`https://a.example/${'가'.repeat(300)}`)).toBeNull();
  });
});
