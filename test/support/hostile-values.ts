import * as fc from 'fast-check';

const MEGABYTE = 1_000_000;
/** Texts that have broken parsers, databases and prototypes. */
const TEXTS = [
  ...[
    '',
    ' ',
    '%',
    '%s',
    '%00',
    '\0',
    '\0\0a',
    '\ud800',
    '\udc00a',
    '🍣'.repeat(3),
    'e\u0301',
    '\u202e',
    '\ufeff',
  ],
  ...[
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    'null',
    'undefined',
    'NaN',
    'true',
    '[object Object]',
  ],
  ...[
    "' OR 1=1 -- ",
    '"; DROP TABLE member; --',
    '\\',
    '../../etc/passwd',
    '<script>',
    '${7*7}',
    '=1+1',
    '\r\nX: y',
  ],
  ...[
    '-1',
    '0',
    '1',
    '01',
    '1.5',
    '1e3',
    '1e309',
    '0x10',
    '+1',
    '１',
    '4294967296',
    '9007199254740993',
    '9'.repeat(400),
  ],
  ...[
    '2024-02-30',
    '0000-00-00',
    '9999-12-31',
    '2024-03-03T00:00:00Z',
    '+275760-09-14',
    '-000001-01-01',
    '12/31/99',
  ],
];
const NUMBERS = [0, -0, -1, 1, 1.5, 2 ** 31, 2 ** 32, 2 ** 53, -(2 ** 53), 1e21, 1e308, Number.MIN_VALUE];

const hugeText = fc.constantFrom('a', '9', '%', '\0', '가', '"').map((unit) => unit.repeat(MEGABYTE));
export const anyText = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom(...TEXTS) },
  { weight: 4, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
);
/** `__proto__` as a key of its own, and lists and objects for what should be a scalar. */
export const anyJson: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 6, arbitrary: anyText },
  { weight: 3, arbitrary: fc.constantFrom<unknown>(...NUMBERS, null, true, false) },
  { weight: 2, arbitrary: fc.array(anyText, { maxLength: 3 }) },
  { weight: 2, arbitrary: fc.dictionary(fc.oneof(anyText, fc.constant('toDo')), anyText, { maxKeys: 3 }) },
  { weight: 1, arbitrary: fc.constant(Object.fromEntries([['__proto__', { isAdmin: true }]])) },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
  { weight: 1, arbitrary: fc.constantFrom(31, 33, 200).map(nested) },
  { weight: 1, arbitrary: hugeText },
);
const BODIES = [
  '{',
  '{}',
  '[]',
  'null',
  '1',
  '"x"',
  '',
  ' ',
  '\ufeff{}',
  '{"a":1}{"b":2}',
  '{"__proto__":{"x":1}}',
  'a=1',
];
export const anyBody = fc.oneof(
  fc.constantFrom<string | Buffer>(
    ...BODIES,
    '['.repeat(50_000) + ']'.repeat(50_000),
    Buffer.from([0xff, 0xfe, 0x00]),
    Buffer.from('"\xff"', 'latin1'),
  ),
  anyJson.map((value) => JSON.stringify(value)),
);

const CONTENT_TYPES = [
  ...[
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/json5',
  ],
  ...[
    'application/json; charset=utf-16',
    'application/json;;;',
    'APPLICATION/JSON',
    '/',
    'x',
    '',
    ';',
    '*/*',
    '\xff',
  ],
];
const COOKIES = [
  ...[
    'refreshToken=',
    'refreshToken=%',
    'refreshToken="',
    'refreshToken=\xff',
    'refreshToken=a; refreshToken=b',
    '=',
    ';;',
  ],
  ...[
    '__proto__=1',
    `refreshToken=${'x'.repeat(4_000)}`,
    'refreshToken=6f1c0d2e-0000-4000-8000-000000000000',
    'JSESSIONID=%',
  ],
];
/** Visible latin1: what node lets a header hold. */
const anyHeader = fc
  .oneof(anyText, fc.string({ unit: 'binary', maxLength: 200 }))
  .map((text) => text.replace(/[^\x20-\x7e\x80-\xff]/g, '?').trim());
export const anyHeaders = fc.record(
  {
    'content-type': fc.constantFrom(...CONTENT_TYPES),
    cookie: fc.oneof(fc.constantFrom(...COOKIES), anyHeader),
    authorization: fc.oneof(
      fc.constantFrom('Bearer', 'Bearer forged', 'Bearer  x', 'Bearer a b', 'Basic YTpi'),
      anyHeader,
    ),
    accept: fc.constantFrom('*/*', 'text/html', 'application/json', 'x', '', ',;q=', 'image/*;q=2'),
    'accept-encoding': fc.constantFrom('gzip', 'br;q=0', '\xff', 'identity;q=0'),
    'if-none-match': fc.oneof(fc.constantFrom('*', '"', 'W/', '"a", *'), anyHeader),
    'idempotency-key': anyHeader,
    'x-forwarded-for': fc.oneof(fc.constantFrom('%', '1.2.3.4, x', '::1', ',', 'a'.repeat(500)), anyHeader),
    'x-request-id': anyHeader,
    origin: fc.constantFrom('null', 'https://evil.example', '\xff'),
    'user-agent': anyHeader,
    range: fc.constantFrom('bytes=0-', 'bytes=9-1'),
  },
  { requiredKeys: [] },
);

export const anyQuery = fc.oneof(
  { weight: 4, arbitrary: fc.constant([] as string[]) },
  {
    weight: 1,
    arbitrary: fc.subarray([
      '%',
      '%zz=1',
      '=',
      '&&',
      '__proto__=1',
      '__proto__[a]=1',
      'constructor=1',
      'a'.repeat(4_000),
      '%00=%00',
      '?',
      '#',
    ]),
  },
);

function nested(depth: number): unknown {
  return Array.from({ length: depth }).reduce<unknown>((inner) => [inner], 1);
}
