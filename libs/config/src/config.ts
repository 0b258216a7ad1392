import type { ZodError } from 'zod';
import { envSchema, type Env } from './env-schema';
import { missingOAuth, readOAuth, type OAuthSettings } from './oauth-settings';

export type Environment = Readonly<Record<string, string | undefined>>;

/** The settings of one process, checked and frozen. */
export type Config = Readonly<{
  nodeEnv: Env['NODE_ENV'];
  listen: Readonly<{ host: string; port: number; socketPath?: string }>;
  database: Readonly<{ url: string; poolSize: number }>;
  redisUrl?: string;
  log: Readonly<{ level: Env['LOG_LEVEL'] }>;
  tokens: Readonly<{
    secret: string;
    guestTtlS: number;
    accessTtlS: number;
    refreshTtlS: number;
    refreshAbsoluteTtlS: number;
  }>;
  corsOrigins: readonly string[];
  trustedProxies: readonly string[];
  hasRateLimits: boolean;
  oauth: OAuthSettings;
  release: string;
  colour: Env['COLOUR'];
  drainTimeoutMs: number;
  /** how often periodic work is due */
  housekeepingEveryMs: number;
}>;

/** Thrown by {@link loadConfig}: every wrong setting at once, one a line. Never holds a value, which may be secret. */
export class InvalidSettings extends Error {
  constructor(readonly problems: readonly string[]) {
    super(`The settings are wrong:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.name = 'InvalidSettings';
  }
}

/**
 * Reads the settings of this process. The only reader of the environment.
 *
 * @param env name to text; an empty text counts as unset
 * @throws InvalidSettings naming every problem
 */
export function loadConfig(env: Environment = process.env): Config {
  const given = withoutEmpty(env);
  const result = envSchema.safeParse(given);
  const problems = [...problemsOf(result.error), ...missingOAuth(given)];
  if (given['NODE_ENV'] === 'production' && isPlaceholder(given['JWT_SECRET'])) {
    problems.push('JWT_SECRET: a secret made for development is refused in production: set one of your own');
  }
  if (!result.success || problems.length > 0) throw new InvalidSettings(problems);
  return freeze(result.data);
}

/**
 * Reads where the database is: all that a migration needs to know.
 *
 * @throws InvalidSettings
 */
export function loadDatabaseUrl(env: Environment = process.env): string {
  const result = envSchema.pick({ DATABASE_URL: true }).safeParse(withoutEmpty(env));
  if (!result.success) throw new InvalidSettings(problemsOf(result.error));
  return result.data.DATABASE_URL;
}

function withoutEmpty(env: Environment): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
}

function problemsOf(error: ZodError | undefined): string[] {
  return error?.issues.map((issue) => `${issue.path.join('.')}: ${reasonOf(issue)}`) ?? [];
}

/** Secrets that `npm start` or an example makes begin with this, so that they cannot slip into production. */
export const DEVELOPMENT_SECRET_PREFIX = 'development-';

function isPlaceholder(secret: string | undefined): boolean {
  return secret !== undefined && secret.startsWith(DEVELOPMENT_SECRET_PREFIX);
}

function reasonOf(issue: { code: string; input?: unknown; message: string }): string {
  return issue.code === 'invalid_type' && issue.message.includes('undefined') ? 'is missing' : issue.message;
}

function freeze(env: Env): Config {
  return Object.freeze({
    nodeEnv: env.NODE_ENV,
    listen: Object.freeze({ host: env.HOST, port: env.PORT, socketPath: env.SOCKET_PATH }),
    database: Object.freeze({ url: env.DATABASE_URL, poolSize: env.DATABASE_POOL_SIZE }),
    redisUrl: env.REDIS_URL,
    log: Object.freeze({ level: env.LOG_LEVEL }),
    tokens: Object.freeze({
      secret: env.JWT_SECRET,
      guestTtlS: env.GUEST_TOKEN_TTL_S,
      accessTtlS: env.ACCESS_TOKEN_TTL_S,
      refreshTtlS: env.REFRESH_TTL_S,
      refreshAbsoluteTtlS: env.REFRESH_ABSOLUTE_TTL_S,
    }),
    corsOrigins: Object.freeze(env.CORS_ORIGINS),
    trustedProxies: Object.freeze(env.TRUSTED_PROXIES),
    hasRateLimits: env.RATE_LIMITS === 'on',
    oauth: readOAuth(env),
    release: env.RELEASE,
    colour: env.COLOUR,
    drainTimeoutMs: env.DRAIN_TIMEOUT_MS,
    housekeepingEveryMs: env.HOUSEKEEPING_EVERY_S * 1_000,
  });
}
