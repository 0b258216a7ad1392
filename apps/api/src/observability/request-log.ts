import type { FastifyInstance, FastifyReply } from 'fastify';
import { pino, type DestinationStream } from 'pino';
import type { Histogram } from 'prom-client';
import type { Config } from '@app/config';
import type { AuthenticatedRequest } from '../auth/caller.decorator';
import { processFields, standardOutput } from './logger';

type Level = 'debug' | 'info' | 'error';

/** What is told of a request. Method and route are the router's, the id is checked: none needs escaping. */
interface RequestFields {
  readonly requestId: string;
  readonly memberId: number | undefined;
  readonly method: string;
  readonly route: string;
  readonly status: number;
  readonly code: number | undefined;
  readonly durationMs: number;
  /** Unknown on a unix socket whose other end says nothing. */
  readonly ip: string | undefined;
}

/** Writes a line for a request. */
export type RequestLog = (level: Level, fields: RequestFields) => void;

/** Lines are gathered up to so many bytes, but not longer than this many ms; what is left is written at exit. */
const BATCH = { minLength: 12_288, periodicFlush: 100 };
/** What operators and the deployer ask all the time is logged at a lower level. */
const ROUTINE = new Set(['/health/live', '/health/ready', '/metrics', '/api/v2/time']);
const UNMATCHED = 'unmatched';

/**
 * The log of requests: pino's lines, put together by hand and written many at a time. Through pino, with its search
 * for secrets that these lines cannot hold, a line would cost more than the poll that it tells of.
 *
 * @param destination where the lines go; standard output when left out
 */
export function createRequestLog(config: Config, destination?: DestinationStream): RequestLog {
  const output = destination ?? standardOutput(config, BATCH);
  const least = config.log.level === 'silent' ? Infinity : pino.levels.values[config.log.level];
  const process = JSON.stringify(processFields(config)).slice(1, -1);
  return (level, { requestId, memberId, method, route, status, code, durationMs, ip }) => {
    const value = pino.levels.values[level] ?? 0;
    if (value < (least ?? 0)) return;
    const member = memberId === undefined ? '' : `,"memberId":${memberId}`;
    const failure = code === undefined ? '' : `,"code":${code}`;
    const address = ip === undefined ? '' : `,"ip":${JSON.stringify(ip)}`;
    output.write(
      `{"level":${value},"time":${Date.now()},${process},"requestId":"${requestId}"${member},"method":"${method}",` +
        `"route":"${route}","status":${status}${failure},"durationMs":${durationMs.toFixed(3)}` +
        `${address},"msg":"request"}\n`,
    );
  };
}

/**
 * Writes one line and takes one measurement for each request, when its answer is out. A hook of our own: a child
 * logger for each request, as pino-http makes it, halves the throughput of a cheap route.
 */
export function logRequests(instance: FastifyInstance, log: RequestLog, durations: Histogram): void {
  instance.addHook('onResponse', (request: AuthenticatedRequest, reply, done) => {
    const { id: requestId, ip, method, user, failureCode: code } = request;
    const { statusCode: status, elapsedTime: durationMs } = reply;
    const route = request.is404 ? UNMATCHED : (request.routeOptions.url ?? UNMATCHED);
    durations.observe({ method, route, status }, durationMs / 1_000);
    log(levelOf(route, reply), {
      requestId,
      memberId: user?.memberId,
      method,
      route,
      status,
      code,
      durationMs,
      ip,
    });
    done();
  });
}

function levelOf(route: string, { statusCode }: FastifyReply): Level {
  if (statusCode >= 500) return 'error';
  return ROUTINE.has(route) ? 'debug' : 'info';
}
