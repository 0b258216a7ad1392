import { types } from 'node:util';
import { pino, type DestinationStream, type Logger, type LoggerOptions } from 'pino';
import pretty from 'pino-pretty';
import type { Config } from '@app/config';

/** Never written, wherever in a logged object they stand. */
const SECRETS = [
  'authorization',
  'cookie',
  'set-cookie',
  'accessToken',
  'refreshToken',
  'password',
  'code',
  'secret',
];

/** Where the database quotes a value of the statement in its message. */
const QUOTED_VALUE = /\b(entry|value:|near) '[\s\S]*?'(?= for (?:key|column) | at line |$)/gm;

interface LoggableError extends Error {
  readonly code?: unknown;
  /** The database's own words. */
  readonly sqlMessage?: string;
}

/** Errors are logged without the driver's extras: those hold the statement's values, which people wrote. */
function describeError(error: unknown): unknown {
  if (!types.isNativeError(error)) return error;
  const { name, code, message, stack, sqlMessage } = error as LoggableError;
  const clean = (text?: string) => (sqlMessage === undefined ? text : text?.replace(QUOTED_VALUE, "$1 '…'"));
  return { type: name, code, message: clean(message), stack: clean(stack) };
}

/** Paths of secrets at the first three depths, the depths at which anything is logged here. */
export function redactedPaths(): string[] {
  const quoted = SECRETS.filter((name) => name !== 'code').map((name) => `["${name}"]`);
  return quoted.flatMap((name) => [name, `*${name}`, `*.*${name}`]);
}

/**
 * JSON lines; readable ones on a terminal, outside of production.
 *
 * @param destination where the lines go; standard output when left out
 */
export function createLogger(config: Config, destination?: DestinationStream): Logger {
  const options: LoggerOptions = {
    level: config.log.level,
    base: processFields(config),
    redact: { paths: redactedPaths(), censor: '[redacted]' },
    serializers: { err: describeError },
  };
  return pino(options, destination ?? standardOutput(config));
}

/** What every line says of the process that wrote it. */
export function processFields({ release, colour }: Config) {
  return { release, colour, pid: process.pid };
}

/** @param batch how lines are gathered; each is written at once when left out */
export function standardOutput(
  config: Config,
  batch: Readonly<{ minLength?: number; periodicFlush?: number }> = {},
): DestinationStream {
  const isTerminal = process.stdout.isTTY && config.nodeEnv !== 'production';
  return isTerminal
    ? pretty({ ignore: 'pid,release,colour', translateTime: 'SYS:HH:MM:ss' })
    : pino.destination({ sync: false, ...batch });
}
