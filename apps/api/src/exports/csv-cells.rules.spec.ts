import { asText } from './csv-cells.rules';

describe('a cell', () => {
  it.each([
    '=1+1',
    '+1',
    '-1',
    '@SUM(A1)',
    '\t=1',
    '\r=1',
    '\n=1',
    '\tx',
    '\rx',
    '＝1+1',
    '＋1',
    '－1',
    '＠SUM(A1)',
    ' =1+1',
    '\u3000＝1',
    '\u00a0=1',
    '\ufeff=1',
    '\u200b=cmd|x',
    '\u0000=1',
    '=HYPERLINK("http://evil","x")',
  ])('that begins like a formula is only text: %j', (cell) => {
    expect(asText(cell)).toBe(`'${cell}`);
  });

  it.each(['', '알고리즘', '1+1=2', 'a@b.c', "'=1", '(=1)', '3-2', ' 알고리즘', '🍣', '{"a":"=1"}'])(
    'that is none stays as it is: %j',
    (cell) => {
      expect(asText(cell)).toBe(cell);
    },
  );
});
