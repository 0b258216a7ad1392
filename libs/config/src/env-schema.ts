import { isIP } from 'node:net';
import { isAbsolute } from 'node:path';
import { z } from 'zod';
import { OAUTH_SHAPE } from './oauth-settings';

/** The kernel cuts a longer path silently: node would listen under a name that nobody finds. */
export const MAX_SOCKET_PATH_BYTES = 107;
/** HS256 wants a key of at least its output's size (RFC 7518, section 3.2): 32 bytes. */
export const MIN_SECRET_BYTES = 32;

const wholeNumber = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d+$/, `must be a whole number from ${min} to ${max}`)
    .transform(Number)
    .refine((n) => n >= min && n <= max, `must be a whole number from ${min} to ${max}`);

const urlOf = (...protocols: readonly string[]) =>
  z
    .string()
    .refine(
      (text) => URL.canParse(text) && protocols.includes(new URL(text).protocol),
      `must be an address that starts with ${protocols.map((p) => `${p}//`).join(' or ')}`,
    );

/** What is no such address at all is another rule's business. */
const ifMysql = (rule: (url: URL) => boolean) => (text: string) => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url?.protocol !== 'mysql:' || rule(url);
};

const databaseUrl = urlOf('mysql:')
  .refine(
    ifMysql(({ username, password, pathname }) => {
      const parts = [username, password, pathname.slice(1)].map(decoded);
      return !parts.includes(undefined) && parts.at(-1) !== '';
    }),
    'must name a database, as in mysql://user:password@host:3306/name, with percent-encoding where it is needed',
  )
  .refine(
    ifMysql(({ searchParams }) => isSocketPath(searchParams.get('socketPath') ?? '/')),
    `must have a socketPath of at most ${MAX_SOCKET_PATH_BYTES} bytes`,
  );

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

function isSocketPath(path: string): boolean {
  return Buffer.byteLength(path) <= MAX_SOCKET_PATH_BYTES;
}

/** An origin as browsers send it; there are no wildcards. */
const isOrigin = (text: string) => URL.canParse(text) && new URL(text).origin === text && !text.includes('*');

const listOf = (isRight: (text: string) => boolean, message: string) =>
  z
    .string()
    .transform((text) =>
      text
        .split(',')
        .map((part) => part.trim())
        .filter((part) => part !== ''),
    )
    .refine((list) => list.every(isRight), message);

const origins = listOf(isOrigin, 'must be a comma-separated list of origins such as https://haru.example');

/** An address, or a network as `address/prefix`. */
function isNetwork(text: string): boolean {
  const [address = '', prefix, ...rest] = text.split('/');
  const bits = { 4: 32, 6: 128 }[isIP(address)];
  if (bits === undefined || address.includes('%') || rest.length > 0) return false;
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= bits);
}

/**
 * Every setting, in the order of the documentation. `default` is in the form in which it would be written in the
 * environment; a setting without one is unset.
 */
export const envSchema = z.object({
  NODE_ENV: z
    .enum(['development', 'test', 'production'])
    .default('development')
    .meta({ description: '`production` refuses secrets of other environments and logs JSON always' }),
  HOST: z.string().min(1).default('127.0.0.1').meta({ description: 'address to listen on' }),
  PORT: wholeNumber(0, 65_535)
    .prefault('3000')
    .meta({ description: 'TCP port to listen on; 0 takes any free one', unit: 'port' }),
  SOCKET_PATH: z
    .string()
    .refine(isAbsolute, 'must be an absolute path')
    .refine(isSocketPath, `must be at most ${MAX_SOCKET_PATH_BYTES} bytes long`)
    .optional()
    .meta({ description: 'serve on this unix socket instead of `HOST` and `PORT`', unit: 'path' }),
  DATABASE_URL: databaseUrl.meta({
    description:
      'MySQL 8 or MariaDB 10.6 and newer: `mysql://user:password@host:3306/name`, or a unix socket as ' +
      '`mysql://user@localhost/name?socketPath=/path/to.sock`. Unset: `npm start` makes a private MariaDB under `./.data`',
    unit: 'address',
  }),
  DATABASE_POOL_SIZE: wholeNumber(1, 500)
    .prefault('10')
    .meta({ description: 'connections that one process holds at most', unit: 'connections' }),
  REDIS_URL: urlOf('redis:', 'rediss:').optional().meta({
    description:
      'Redis that all processes of an installation share: a process is ready only while it answers; unset: one process',
    unit: 'address',
  }),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info').meta({
    description:
      'least severe level that is logged: `fatal`, `error`, `warn`, `info`, `debug`, `trace` or `silent`',
  }),
  JWT_SECRET: z
    .string()
    .refine(
      (s) => Buffer.byteLength(s) >= MIN_SECRET_BYTES,
      `must be at least ${MIN_SECRET_BYTES} bytes long`,
    )
    .meta({
      description:
        'key of all tokens (HS256) and signed cookies, the same for every process and colour; another one logs everybody ' +
        'out. Unset: `npm start` makes one and keeps it in `./.data`',
      secret: true,
      unit: 'text, 32 bytes and more',
    }),
  ACCESS_TOKEN_TTL_S: wholeNumber(10, 86_400)
    .prefault('900')
    .meta({ description: "life of a member's access token", unit: 's' }),
  REFRESH_TTL_S: wholeNumber(60, 31_536_000)
    .prefault('1209600')
    .meta({ description: 'how long a login lives that is not used', unit: 's' }),
  REFRESH_ABSOLUTE_TTL_S: wholeNumber(60, 63_072_000)
    .prefault('7776000')
    .meta({ description: 'how long a login lives at most, however often it is used', unit: 's' }),
  GUEST_TOKEN_TTL_S: wholeNumber(60, 31_536_000)
    .prefault('2592000')
    .meta({ description: "life of a guest's access token; a guest cannot refresh it", unit: 's' }),
  CORS_ORIGINS: origins.prefault('').meta({
    description: 'origins whose pages may call the API, comma-separated; empty: none',
    unit: 'origins',
  }),
  TRUSTED_PROXIES: listOf(
    isNetwork,
    'must be a comma-separated list of addresses and networks such as 10.0.0.0/8',
  )
    .prefault('127.0.0.1,::1')
    .meta({
      description:
        'who may say by `X-Forwarded-For` for whom it speaks, comma-separated; one on a unix socket always may. ' +
        'The nearest address that is none of these is the client',
      unit: 'addresses, networks',
    }),
  RATE_LIMITS: z.enum(['on', 'off']).default('on').meta({
    description: '`off` lets everybody call as often as they like: for measurements, never on the internet',
  }),
  ...OAUTH_SHAPE,
  RELEASE: z
    .string()
    .regex(
      /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/,
      'must be 1 to 64 letters, digits, dots, dashes or underscores',
    )
    .default('dev')
    .meta({ description: 'id of the running release; every answer carries it as `X-Release`' }),
  COLOUR: z.enum(['blue', 'green', 'standby', 'none']).default('none').meta({
    description: 'side of a blue-green pair that this process is (`blue`, `green`), its `standby`, or `none`',
  }),
  DRAIN_TIMEOUT_MS: wholeNumber(0, 3_600_000).prefault('10000').meta({
    description: 'after SIGTERM, time for requests in flight before the process ends anyway',
    unit: 'ms',
  }),
  HOUSEKEEPING_EVERY_S: wholeNumber(1, 86_400).prefault('600').meta({
    description: 'how often one of the processes removes what has run out',
    unit: 's',
  }),
});

export type Env = z.output<typeof envSchema>;
