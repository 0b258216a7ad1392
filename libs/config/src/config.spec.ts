import { DEVELOPMENT_SECRET_PREFIX, InvalidSettings, loadConfig, loadDatabaseUrl } from './config';

const NEEDED = {
  DATABASE_URL: 'mysql://root@localhost/haru?socketPath=/run/haru/m.sock',
  JWT_SECRET: 'x'.repeat(32),
};
const ALL = {
  NODE_ENV: 'production',
  HOST: '0.0.0.0',
  PORT: '8080',
  SOCKET_PATH: '/run/haru/blue.sock',
  DATABASE_URL: 'mysql://haru:hunter2@db.example:3307/haru',
  DATABASE_POOL_SIZE: '25',
  REDIS_URL: 'rediss://:hunter3@redis.example:6380/1',
  LOG_LEVEL: 'warn',
  JWT_SECRET: 'a-secret-of-production-0123456789',
  GUEST_TOKEN_TTL_S: '86400',
  CORS_ORIGINS: 'https://haru.example, http://localhost:3001',
  TRUSTED_PROXIES: '10.0.0.1, 2001:db8::/32',
  RATE_LIMITS: 'off',
  OAUTH_KAKAO_CLIENT_ID: 'haru-at-kakao',
  OAUTH_KAKAO_CLIENT_SECRET: 'hunter5',
  OAUTH_KAKAO_REDIRECT_URI: 'https://haru.example/auth?provider=kakao',
  OAUTH_KAKAO_TOKEN_URI: 'http://127.0.0.1:9000/token',
  OAUTH_RETURN_URLS: 'https://haru.example/, https://haru.example/auth?by=redirect',
  RELEASE: '2026.11.20-1',
  COLOUR: 'blue',
  DRAIN_TIMEOUT_MS: '30000',
  HOUSEKEEPING_EVERY_S: '60',
};

function problemsOf(env: Record<string, string | undefined>): readonly string[] {
  try {
    loadConfig(env);
    return [];
  } catch (error) {
    if (!(error instanceof InvalidSettings)) throw error;
    return error.problems;
  }
}

describe('the settings', () => {
  it('have a default for everything but the database and the secret', () => {
    expect(loadConfig(NEEDED)).toEqual({
      nodeEnv: 'development',
      listen: { host: '127.0.0.1', port: 3000, socketPath: undefined },
      database: { url: NEEDED.DATABASE_URL, poolSize: 10 },
      redisUrl: undefined,
      log: { level: 'info' },
      tokens: {
        secret: NEEDED.JWT_SECRET,
        guestTtlS: 30 * 24 * 60 * 60,
        accessTtlS: 900,
        refreshTtlS: 1_209_600,
        refreshAbsoluteTtlS: 7_776_000,
      },
      corsOrigins: [],
      trustedProxies: ['127.0.0.1', '::1'],
      hasRateLimits: true,
      oauth: { providers: {}, returnUrls: [] },
      release: 'dev',
      colour: 'none',
      drainTimeoutMs: 10_000,
      housekeepingEveryMs: 600_000,
    });
  });

  it('are all read from the environment', () => {
    expect(loadConfig(ALL)).toEqual({
      nodeEnv: 'production',
      listen: { host: '0.0.0.0', port: 8080, socketPath: '/run/haru/blue.sock' },
      database: { url: ALL.DATABASE_URL, poolSize: 25 },
      redisUrl: ALL.REDIS_URL,
      log: { level: 'warn' },
      tokens: {
        secret: ALL.JWT_SECRET,
        guestTtlS: 86_400,
        accessTtlS: 900,
        refreshTtlS: 1_209_600,
        refreshAbsoluteTtlS: 7_776_000,
      },
      corsOrigins: ['https://haru.example', 'http://localhost:3001'],
      trustedProxies: ['10.0.0.1', '2001:db8::/32'],
      hasRateLimits: false,
      oauth: {
        providers: {
          kakao: {
            clientId: 'haru-at-kakao',
            clientSecret: 'hunter5',
            redirectUri: 'https://haru.example/auth?provider=kakao',
            authorizeUri: 'https://kauth.kakao.com/oauth/authorize',
            tokenUri: 'http://127.0.0.1:9000/token',
            userInfoUri: 'https://kapi.kakao.com/v2/user/me',
          },
        },
        returnUrls: ['https://haru.example/', 'https://haru.example/auth?by=redirect'],
      },
      release: '2026.11.20-1',
      colour: 'blue',
      drainTimeoutMs: 30_000,
      housekeepingEveryMs: 60_000,
    });
  });

  it('count an empty text as unset', () => {
    const empty = Object.fromEntries(Object.keys(ALL).map((name) => [name, '']));
    expect(loadConfig({ ...empty, ...NEEDED })).toEqual(loadConfig(NEEDED));
    expect(problemsOf(empty)).toEqual(['DATABASE_URL: is missing', 'JWT_SECRET: is missing']);
  });

  it('do not mind what else is in the environment', () => {
    expect(loadConfig({ ...NEEDED, PATH: '/bin', port: '1', PORTS: '2' })).toEqual(loadConfig(NEEDED));
  });

  it('are the ones of the process when no others are given', () => {
    const before = { ...process.env };
    try {
      Object.assign(process.env, NEEDED, { RELEASE: 'r-of-the-process' });
      expect(loadConfig().release).toBe('r-of-the-process');
      expect(loadDatabaseUrl()).toBe(NEEDED.DATABASE_URL);
    } finally {
      process.env = before;
    }
  });

  it('cannot be changed afterwards, at any depth', () => {
    const frozen = (value: unknown): boolean =>
      typeof value !== 'object' ||
      value === null ||
      (Object.isFrozen(value) && Object.values(value).every(frozen));
    expect(frozen(loadConfig(ALL))).toBe(true);
  });
});

describe('wrong settings', () => {
  const WRONG = {
    NODE_ENV: 'staging',
    PORT: '65536',
    SOCKET_PATH: 'relative.sock',
    DATABASE_URL: 'postgres://haru:hunter2@db.example/haru',
    DATABASE_POOL_SIZE: '0',
    REDIS_URL: 'http://:hunter3@redis.example',
    LOG_LEVEL: 'loud',
    JWT_SECRET: 'hunter4',
    GUEST_TOKEN_TTL_S: 'for ever',
    CORS_ORIGINS: 'https://haru.example/',
    TRUSTED_PROXIES: 'nginx',
    RATE_LIMITS: 'maybe',
    OAUTH_GOOGLE_CLIENT_SECRET: 'hunter6 hunter7',
    OAUTH_NAVER_AUTHORIZE_URI: 'http://naver.example/authorize',
    OAUTH_RETURN_URLS: 'https://wrong.example',
    RELEASE: '-',
    COLOUR: 'purple',
    DRAIN_TIMEOUT_MS: '-1',
    HOUSEKEEPING_EVERY_S: '0',
  };

  it('are named all at once, each with what it should be', () => {
    expect(problemsOf(WRONG)).toMatchInlineSnapshot(`
     [
       "NODE_ENV: Invalid option: expected one of "development"|"test"|"production"",
       "PORT: must be a whole number from 0 to 65535",
       "SOCKET_PATH: must be an absolute path",
       "DATABASE_URL: must be an address that starts with mysql://",
       "DATABASE_POOL_SIZE: must be a whole number from 1 to 500",
       "REDIS_URL: must be an address that starts with redis:// or rediss://",
       "LOG_LEVEL: Invalid option: expected one of "fatal"|"error"|"warn"|"info"|"debug"|"trace"|"silent"",
       "JWT_SECRET: must be at least 32 bytes long",
       "GUEST_TOKEN_TTL_S: must be a whole number from 60 to 31536000",
       "CORS_ORIGINS: must be a comma-separated list of origins such as https://haru.example",
       "TRUSTED_PROXIES: must be a comma-separated list of addresses and networks such as 10.0.0.0/8",
       "RATE_LIMITS: Invalid option: expected one of "on"|"off"",
       "OAUTH_GOOGLE_CLIENT_SECRET: must be 1 to 512 characters, no blanks",
       "OAUTH_NAVER_AUTHORIZE_URI: must be an https:// address without a user name and a fragment (http:// on localhost only)",
       "OAUTH_RETURN_URLS: must be a comma-separated list, each an https:// address without a user name and a fragment (http:// on localhost only), written as browsers write it, such as https://study.example/home",
       "RELEASE: must be 1 to 64 letters, digits, dots, dashes or underscores",
       "COLOUR: Invalid option: expected one of "blue"|"green"|"standby"|"none"",
       "DRAIN_TIMEOUT_MS: must be a whole number from 0 to 3600000",
       "HOUSEKEEPING_EVERY_S: must be a whole number from 1 to 86400",
       "OAUTH_GOOGLE_CLIENT_ID: is missing: a provider is configured wholly or not at all",
       "OAUTH_GOOGLE_REDIRECT_URI: is missing: a provider is configured wholly or not at all",
       "OAUTH_NAVER_CLIENT_ID: is missing: a provider is configured wholly or not at all",
       "OAUTH_NAVER_CLIENT_SECRET: is missing: a provider is configured wholly or not at all",
       "OAUTH_NAVER_REDIRECT_URI: is missing: a provider is configured wholly or not at all",
     ]
    `);
  });

  it('are told without their values: those may be secret', () => {
    const told = problemsOf(WRONG).join('\n');
    for (const value of Object.values(WRONG).filter((one) => one.length > 3))
      expect(told).not.toContain(value);
    expect(told).not.toMatch(/hunter/);
  });

  it('are one message, a line each', () => {
    const message = new InvalidSettings(['A: is missing', 'B: is wrong']).message;
    expect(message).toBe('The settings are wrong:\n  - A: is missing\n  - B: is wrong');
  });
});

describe('in production', () => {
  const production = (JWT_SECRET?: string) => problemsOf({ ...NEEDED, NODE_ENV: 'production', JWT_SECRET });

  it('a secret must be there, be long enough, and not be one of a development machine', () => {
    expect(production('s'.repeat(32))).toEqual([]);
    expect(production()).toEqual(['JWT_SECRET: is missing']);
    expect(production('s'.repeat(31))).toEqual(['JWT_SECRET: must be at least 32 bytes long']);
    expect(production(`${DEVELOPMENT_SECRET_PREFIX}${'s'.repeat(64)}`)).toEqual([
      'JWT_SECRET: a secret made for development is refused in production: set one of your own',
    ]);
  });

  it('a wrong secret does not hide what else is wrong', () => {
    const env = { ...NEEDED, NODE_ENV: 'production', JWT_SECRET: DEVELOPMENT_SECRET_PREFIX, PORT: 'x' };
    expect(problemsOf(env).map((problem) => problem.split(':')[0])).toEqual([
      'PORT',
      'JWT_SECRET',
      'JWT_SECRET',
    ]);
  });

  it('and only there: elsewhere a development secret is what it is for', () => {
    const JWT_SECRET = `${DEVELOPMENT_SECRET_PREFIX}${'s'.repeat(64)}`;
    for (const NODE_ENV of ['development', 'test', undefined])
      expect(problemsOf({ ...NEEDED, NODE_ENV, JWT_SECRET })).toEqual([]);
  });
});

describe('a migration', () => {
  it('needs to know where the database is, and nothing else', () => {
    expect(loadDatabaseUrl({ DATABASE_URL: ALL.DATABASE_URL, PORT: 'nonsense' })).toBe(ALL.DATABASE_URL);
  });

  it.each([
    [undefined, 'DATABASE_URL: is missing'],
    ['', 'DATABASE_URL: is missing'],
    ['sqlite://x', 'DATABASE_URL: must be an address that starts with mysql://'],
  ])('does not begin with DATABASE_URL=%s', (DATABASE_URL, problem) => {
    expect(() => loadDatabaseUrl({ DATABASE_URL })).toThrow(new InvalidSettings([problem]));
  });
});
