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

/** Errors are logged without the driver's extras: those hold the statement's values, which people wrote. */
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { name, message, stack } = error;
  return { type: name, code: (error as Error & { code?: unknown }).code, message, stack };
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
    base: { release: config.release, colour: config.colour, pid: process.pid },
    redact: { paths: redactedPaths(), censor: '[redacted]' },
    serializers: { err: describeError },
  };
  return pino(options, destination ?? standardOutput(config));
}

function standardOutput(config: Config): DestinationStream {
  const isTerminal = process.stdout.isTTY && config.nodeEnv !== 'production';
  return isTerminal
    ? pretty({ ignore: 'pid,release,colour', translateTime: 'SYS:HH:MM:ss' })
    : pino.destination({ sync: false });
}
