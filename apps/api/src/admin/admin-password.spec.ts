import { parseOptions } from '@node-rs/argon2';
import { ARGON2, hashPassword, isPassword, NOBODYS_HASH, weaknessOf } from './admin-password';

describe('a new password', () => {
  it.each([
    ['', 'empty'],
    [' '.repeat(12), 'empty'],
    ['a'.repeat(11), 'shorter'],
    ['👨‍👩‍👧‍👦'.repeat(11), 'shorter'],
    ['a'.repeat(1_001), 'longer'],
    ['a long password\nand another', 'control'],
    ['a long password\u0007', 'control'],
  ])('is refused as %j', (password, reason) => {
    expect(weaknessOf(password)).toContain(reason);
  });

  it.each(['a'.repeat(12), '루'.repeat(12), '👨‍👩‍👧‍👦'.repeat(12), 'a'.repeat(1_000)])(
    'is taken as %j',
    (password) => {
      expect(weaknessOf(password)).toBeUndefined();
    },
  );
});

describe('a stored password', () => {
  it('is a hash of its own each time, and fits the password alone, in either form of its text', async () => {
    const [one, two] = [await hashPassword('비밀번호'), await hashPassword('비밀번호')];
    expect(one).not.toBe(two);
    expect(await isPassword(one, '비밀번호'.normalize('NFD'))).toBe(true);
    expect(await isPassword(one, '비밀번호 ')).toBe(false);
  });

  it('costs as much to check where there is none', async () => {
    const { memoryCost, timeCost, parallelism, algorithm, outputLen } = parseOptions(NOBODYS_HASH);
    expect({ memoryCost, timeCost, parallelism }).toEqual(ARGON2);
    expect(parseOptions(await hashPassword('x'))).toMatchObject({ algorithm, outputLen, ...ARGON2 });
    expect(await isPassword(undefined, 'x')).toBe(false);
  });
});
