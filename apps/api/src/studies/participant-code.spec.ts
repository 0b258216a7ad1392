import { normaliseCode, ParticipantCodes } from './participant-code';

const DRAWS = 20_000;
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';

describe('a participant code', () => {
  const codes = Array.from({ length: DRAWS }, () => new ParticipantCodes().draw());

  it('is six letters from A to Z, always', () => {
    expect(codes.filter((code) => !/^[A-Z]{6}$/.test(code))).toEqual([]);
  });

  it('differs from draw to draw', () => {
    // Of 20,000 draws out of 26^6 = 308,915,776 codes, one pair or none collides as a rule.
    expect(new Set(codes).size).toBeGreaterThan(DRAWS - 20);
  });

  it('uses every letter in every place about equally often', () => {
    for (let place = 0; place < 6; place += 1) {
      const counts = [...LETTERS].map((letter) => codes.filter((code) => code[place] === letter).length);
      // The mean is 769 with a standard deviation of 27: seven of them either way never happen by chance.
      expect(Math.min(...counts)).toBeGreaterThan(769 - 190);
      expect(Math.max(...counts)).toBeLessThan(769 + 190);
    }
  });

  it.each([
    ['QWERTY', 'QWERTY'],
    ['qwerty', 'QWERTY'],
    ['  QwErTy\t\n', 'QWERTY'],
    ['\u3000QWERTY\u3000', 'QWERTY'],
    ['QWE RTY', 'QWE RTY'],
    ['', ''],
  ])('is meant by %j as %j', (typed, code) => {
    expect(normaliseCode(typed)).toBe(code);
  });
});
