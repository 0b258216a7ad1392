import { isHeld, tagged } from './entity-tag';

describe('an entity tag', () => {
  it('is strong, the same for the same answer, and another for every other one', () => {
    const tags = [{ a: 1 }, { a: 2 }, { b: 1 }, { a: '1' }, { a: 1, b: 1 }, { a: '🍣' }, { a: '🍺' }].map(
      (view) => tagged(view).tag,
    );
    expect(new Set(tags).size).toBe(tags.length);
    expect(tagged({ a: 1 })).toEqual({ body: '{"a":1}', tag: tags[0] });
    for (const tag of tags) expect(tag).toMatch(/^"[\w-]{43}"$/);
  });

  it.each(['"a"', 'W/"a"', '*', ' * ', '"b", "a"', '"b","a","c"', '"b" , W/"a"', '"x,y", "a"', '"", "a"'])(
    'is held by one who sends %s',
    (header) => {
      expect(isHeld('"a"', header)).toBe(true);
    },
  );

  it.each([
    undefined,
    '',
    'a',
    '"a',
    'a"',
    '"b"',
    '"A"',
    'W/"b"',
    '"aa"',
    '"a b"',
    '"b,a"',
    '"b, "',
    '"*"',
    '**',
    '\\"a\\"b',
  ])('is not held by one who sends %j', (header) => {
    expect(isHeld('"a"', header)).toBe(false);
  });

  it('is looked for in a long header in no time', () => {
    const headers = ['"'.repeat(8_000), 'W/'.repeat(4_000), `${'"b", '.repeat(1_600)}"`];
    const startedAt = performance.now();
    for (const header of headers) expect(isHeld('"a"', header)).toBe(false);
    expect(performance.now() - startedAt).toBeLessThan(1_000);
  });
});
