import { plainToInstance } from 'class-transformer';
import { validate } from 'class-validator';
import { InvalidRequest } from './field-error';
import { graphemes, IsPlainText } from './plain-text';

const FAMILY = '👨‍👩‍👧‍👦';

class Card {
  @IsPlainText({ min: 1, max: 10 }, InvalidRequest)
  readonly name: unknown;
}

async function read(name: unknown): Promise<unknown> {
  const card = plainToInstance(Card, { name });
  return (await validate(card)).length === 0 ? card.name : 'refused';
}

describe('the length of a text for people', () => {
  it.each([
    ['', 0],
    ['abc', 3],
    ['알고리즘', 4],
    ['알고리즘'.normalize('NFD'), 4],
    [FAMILY, 1],
    ['🇰🇷🇯🇵', 2],
    ['e\u0301', 1],
    ['👍🏽', 1],
  ])('of %j is %i, as a person counts', (text, length) => {
    expect(graphemes(text)).toBe(length);
  });
});

describe('a short text for people', () => {
  it.each([
    ['a', 'a'],
    ['1234567890', '1234567890'],
    ['  알고리즘\u3000', '알고리즘'],
    ['알고리즘'.normalize('NFD'), '알고리즘'],
    [FAMILY.repeat(10), FAMILY.repeat(10)],
    ['a b', 'a b'],
    ['\t12 4567890\n', '12 4567890'],
  ])('%j is read as %j', async (given, kept) => {
    expect(await read(given)).toBe(kept);
  });

  it.each([
    ['', 'empty'],
    ['   ', 'blank'],
    ['\u3000\u00a0', 'blank in other scripts'],
    ['\u200b', 'a space without width'],
    ['\u3164', 'a Hangul filler'],
    ['12345678901', 'eleven characters'],
    [FAMILY.repeat(11), 'eleven families'],
    ['a\u0000b', 'a NUL'],
    ['a\nb', 'a line break'],
    ['a\u2028b', 'a line separator'],
    ['a\u007fb', 'a delete character'],
    ['a\ud800b', 'half of a surrogate pair'],
    [`x${'\u0301'.repeat(100)}`, 'one character of 101 code points, more than the column holds'],
    [null, 'null'],
    [undefined, 'nothing'],
    [7, 'a number'],
    [['a'], 'a list'],
    [{ toString: 'a' }, 'an object'],
  ])('%j is refused: %s', async (given, _why) => {
    expect(await read(given)).toBe('refused');
  });

  it('may hold a hundred code points', async () => {
    expect(await read(`x${'\u0301'.repeat(99)}`)).not.toBe('refused');
  });
});
