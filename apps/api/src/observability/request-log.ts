import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Logger } from 'pino';
import type { Histogram } from 'prom-client';
import type { AuthenticatedRequest } from '../auth/caller.decorator';

/** What operators and the deployer ask all the time is logged at a lower level. */
const ROUTINE = new Set(['/health/live', '/health/ready', '/metrics', '/api/v2/time']);
const UNMATCHED = 'unmatched';

/**
 * Writes one line and takes one measurement for each request, when its answer is out. A hook of our own: a child
 * logger for each request, as pino-http makes it, halves the throughput of a cheap route.
 */
export function logRequests(instance: FastifyInstance, logger: Logger, durations: Histogram): void {
  instance.addHook('onResponse', (request: AuthenticatedRequest, reply, done) => {
    const route = request.is404 ? UNMATCHED : (request.routeOptions.url ?? UNMATCHED);
    const { method } = request;
    const { statusCode: status, elapsedTime: durationMs } = reply;
    durations.observe({ method, route, status }, durationMs / 1_000);
    const level = levelOf(route, reply);
    if (logger.isLevelEnabled(level)) {
      const { id: requestId, ip, user, failureCode: code } = request;
      logger[level](
        {
          requestId,
          memberId: user?.memberId,
          method,
          route,
          status,
          code,
          durationMs: round(durationMs),
          ip,
        },
        'request',
      );
    }
    done();
  });
}

function levelOf(route: string, { statusCode }: FastifyReply): 'debug' | 'info' | 'error' {
  if (statusCode >= 500) return 'error';
  return ROUTINE.has(route) ? 'debug' : 'info';
}

function round(ms: number): number {
  return Math.round(ms * 1_000) / 1_000;
}
