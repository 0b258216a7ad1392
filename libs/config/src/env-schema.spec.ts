import { envSchema, MAX_SOCKET_PATH_BYTES, type Env } from './env-schema';
import { OAUTH_PROVIDERS } from './oauth-settings';

type Name = keyof Env;
const NEEDED = { DATABASE_URL: 'mysql://root@localhost/haru', JWT_SECRET: 'x'.repeat(32) };

/** The value that a setting is read as; `refused` with the reasons when it is not taken. */
function read(name: Name, text: string): unknown {
  const result = envSchema.safeParse({ ...NEEDED, [name]: text });
  return result.success
    ? result.data[name]
    : { refused: result.error.issues.map(({ path }) => path.join('.')) };
}

const path = (bytes: number) => `/${'x'.repeat(bytes - 1)}`;

const OAUTH = OAUTH_PROVIDERS.map(
  (one) => `OAUTH_${one.toUpperCase()}_` as `OAUTH_${'GOOGLE' | 'KAKAO' | 'NAVER'}_`,
);
const CREDENTIALS = OAUTH.flatMap((name) => [`${name}CLIENT_ID` as const, `${name}CLIENT_SECRET` as const]);
const ADDRESSES = OAUTH.flatMap((name) => [
  `${name}REDIRECT_URI` as const,
  `${name}AUTHORIZE_URI` as const,
  `${name}TOKEN_URI` as const,
  `${name}USER_INFO_URI` as const,
]);
const RIGHT_ADDRESSES = [
  'https://login.example',
  'https://login.example:8443/a?b=c',
  'http://localhost:9/a',
  'http://127.0.0.1:9/a',
  'http://[::1]:9/a',
  `https://login.example/${'x'.repeat(2_048 - 22)}`,
];
const WRONG_ADDRESSES = [
  '',
  'login.example',
  '//login.example/a',
  'http://login.example/a',
  'http://127.0.0.1.example/a',
  'ftp://localhost/a',
  'javascript:alert(1)',
  'https://u@login.example/a',
  'https://u:p@login.example/a',
  'https://login.example/a#b',
  `https://login.example/${'x'.repeat(2_049 - 22)}`,
];

const TAKEN: readonly (readonly [Name, string, unknown])[] = [
  ['NODE_ENV', 'development', 'development'],
  ['NODE_ENV', 'test', 'test'],
  ['NODE_ENV', 'production', 'production'],
  ['HOST', '::1', '::1'],
  ['HOST', 'localhost', 'localhost'],
  ['PORT', '0', 0],
  ['PORT', '1', 1],
  ['PORT', '65535', 65_535],
  ['PORT', '0080', 80],
  ['SOCKET_PATH', '/s', '/s'],
  ['SOCKET_PATH', path(MAX_SOCKET_PATH_BYTES), path(MAX_SOCKET_PATH_BYTES)],
  ['DATABASE_URL', 'mysql://u:p%40ss@h:3306/n', 'mysql://u:p%40ss@h:3306/n'],
  [
    'DATABASE_URL',
    'mysql://root@localhost/n?socketPath=%2Ftmp%2Fm.sock',
    'mysql://root@localhost/n?socketPath=%2Ftmp%2Fm.sock',
  ],
  ['DATABASE_POOL_SIZE', '1', 1],
  ['DATABASE_POOL_SIZE', '500', 500],
  ['REDIS_URL', 'redis://localhost', 'redis://localhost'],
  ['REDIS_URL', 'rediss://u:p@h:6380/1', 'rediss://u:p@h:6380/1'],
  ...['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'].map(
    (one) => ['LOG_LEVEL', one, one] as const,
  ),
  ['JWT_SECRET', 'x'.repeat(32), 'x'.repeat(32)],
  ['JWT_SECRET', '가'.repeat(11), '가'.repeat(11)],
  ['ACCESS_TOKEN_TTL_S', '10', 10],
  ['ACCESS_TOKEN_TTL_S', '86400', 86_400],
  ['REFRESH_TTL_S', '60', 60],
  ['REFRESH_TTL_S', '31536000', 31_536_000],
  ['REFRESH_ABSOLUTE_TTL_S', '60', 60],
  ['REFRESH_ABSOLUTE_TTL_S', '63072000', 63_072_000],
  ['GUEST_TOKEN_TTL_S', '60', 60],
  ['GUEST_TOKEN_TTL_S', '31536000', 31_536_000],
  ['CORS_ORIGINS', 'https://a.example', ['https://a.example']],
  ['CORS_ORIGINS', ' https://a.example ,http://b.example:81, ', ['https://a.example', 'http://b.example:81']],
  ['CORS_ORIGINS', ',', []],
  ['TRUSTED_PROXIES', ',', []],
  ['TRUSTED_PROXIES', ' 10.0.0.0/0 , 10.1.2.3/32', ['10.0.0.0/0', '10.1.2.3/32']],
  ['TRUSTED_PROXIES', '2001:db8::/0,2001:db8::1/128,::1', ['2001:db8::/0', '2001:db8::1/128', '::1']],
  ['RATE_LIMITS', 'on', 'on'],
  ['RATE_LIMITS', 'off', 'off'],
  ...CREDENTIALS.flatMap((name) => ['!', '~', 'x'.repeat(512)].map((text) => [name, text, text] as const)),
  ...ADDRESSES.flatMap((name) => RIGHT_ADDRESSES.map((text) => [name, text, text] as const)),
  ['OAUTH_RETURN_URLS', ',', []],
  [
    'OAUTH_RETURN_URLS',
    ' https://haru.example/ ,http://localhost:3001/a?b=c',
    ['https://haru.example/', 'http://localhost:3001/a?b=c'],
  ],
  ['RELEASE', 'a', 'a'],
  ['RELEASE', 'v1.2.3_rc-4', 'v1.2.3_rc-4'],
  ['RELEASE', 'x'.repeat(64), 'x'.repeat(64)],
  ['COLOUR', 'blue', 'blue'],
  ['COLOUR', 'green', 'green'],
  ['COLOUR', 'none', 'none'],
  ['DRAIN_TIMEOUT_MS', '0', 0],
  ['DRAIN_TIMEOUT_MS', '3600000', 3_600_000],
  ['HOUSEKEEPING_EVERY_S', '1', 1],
  ['HOUSEKEEPING_EVERY_S', '86400', 86_400],
];

const WHOLE_NUMBERS = ['', ' ', '-1', '+1', '1.0', '1e2', '0x10', ' 1', '1 ', 'one', '１', '1_000', 'NaN'];
const REFUSED: readonly (readonly [Name, readonly string[]])[] = [
  ['NODE_ENV', ['prod', 'PRODUCTION', 'production ']],
  ['HOST', ['']],
  ['PORT', [...WHOLE_NUMBERS, '65536', '99999999999999999999']],
  ['SOCKET_PATH', ['', 's', './s', '../s', path(MAX_SOCKET_PATH_BYTES + 1), `/${'가'.repeat(36)}`]],
  [
    'DATABASE_URL',
    ['', 'h/n', '/run/haru/m.sock', 'mariadb://h/n', 'postgres://h/n', 'http://h/n', 'mysql', 'mysql:'],
  ],
  ['DATABASE_URL', ['mysql://', 'mysql://h', 'mysql://h/', 'mysql://u:p@h:3306/', 'mysql://h?socketPath=/s']],
  ['DATABASE_URL', [`mysql://h/n?socketPath=${path(MAX_SOCKET_PATH_BYTES + 1)}`]],
  ['DATABASE_URL', ['mysql://h:port/n', 'mysql://u:%ff@h/n', 'mysql://%zz@h/n', 'mysql://h/%ff']],
  ['DATABASE_POOL_SIZE', [...WHOLE_NUMBERS, '0', '501']],
  ['REDIS_URL', ['', 'localhost:6379', 'http://h', 'redis']],
  ['LOG_LEVEL', ['', 'INFO', 'verbose', '30']],
  ['JWT_SECRET', ['', 'x'.repeat(31), '가'.repeat(10)]],
  ['ACCESS_TOKEN_TTL_S', [...WHOLE_NUMBERS, '9', '86401']],
  ['REFRESH_TTL_S', [...WHOLE_NUMBERS, '59', '31536001']],
  ['REFRESH_ABSOLUTE_TTL_S', [...WHOLE_NUMBERS, '59', '63072001']],
  ['GUEST_TOKEN_TTL_S', [...WHOLE_NUMBERS, '59', '31536001']],
  ['CORS_ORIGINS', ['*', 'null', 'haru.example', 'https://haru.example/', 'https://haru.example/app']],
  [
    'CORS_ORIGINS',
    ['https://HARU.example', 'https://haru.example:443', 'https://u@haru.example', 'file:///x'],
  ],
  ['CORS_ORIGINS', ['https://a.example https://b.example', 'https://a.example,*', 'https://*.example.com']],
  ['TRUSTED_PROXIES', ['loopback', 'nginx.example', '10.0.0.0/33', '2001:db8::/129', '10.0.0.0/', '/8']],
  ['TRUSTED_PROXIES', ['10.0.0.1 10.0.0.2', '10.0.0.1/8/8', '10.0.0.0/-1', '10.0.0', 'fe80::1%eth0', '*']],
  ['RATE_LIMITS', ['', 'ON', 'true', '0']],
  ...CREDENTIALS.map((name) => [name, ['', ' ', 'a b', 'a\n', '가', 'x'.repeat(513)]] as const),
  ...ADDRESSES.map((name) => [name, WRONG_ADDRESSES] as const),
  [
    'OAUTH_RETURN_URLS',
    [
      ...WRONG_ADDRESSES.filter((text) => text !== ''),
      'https://haru.example',
      'https://HARU.example/',
      'https://haru.example:443/',
      'https://haru.example/a/../b',
      'https://haru.example/ http://localhost/',
      'https://haru.example/,//evil.example/',
      '*',
    ],
  ],
  ['RELEASE', ['', '-a', '.a', 'a b', 'a/b', '가', 'x'.repeat(65), 'a\n']],
  ['COLOUR', ['', 'red', 'Blue']],
  ['DRAIN_TIMEOUT_MS', [...WHOLE_NUMBERS, '3600001']],
  ['HOUSEKEEPING_EVERY_S', [...WHOLE_NUMBERS, '0', '86401']],
];

describe('a setting', () => {
  it.each(TAKEN)('%s takes %j', (name, text, value) => {
    expect(read(name, text)).toEqual(value);
  });

  it.each(REFUSED.flatMap(([name, texts]) => texts.map((text) => [name, text] as const)))(
    '%s refuses %j and is named',
    (name, text) => {
      expect(read(name, text)).toEqual({ refused: expect.arrayContaining([name]) as unknown });
    },
  );

  it('of every name is tried out here, at both of its edges', () => {
    const names = Object.keys(envSchema.shape).sort();
    expect([...new Set(TAKEN.map(([name]) => name))].sort()).toEqual(names);
    expect([...new Set(REFUSED.map(([name]) => name))].sort()).toEqual(names);
  });
});
