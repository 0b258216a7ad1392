import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Config } from '@app/config';
import type { Logger } from 'pino';
import { Drain } from './health/drain';

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/**
 * Ends the process in order: no longer ready, every answer the last of its connection, requests in flight finish, the
 * pools close, exit code 0. A second signal, or DRAIN_TIMEOUT_MS, ends it at once with code 1.
 */
export function endOnSignals(app: NestFastifyApplication, { drainTimeoutMs }: Config, logger: Logger): void {
  let isEnding = false;
  const force = (reason: string) => {
    logger.error({ inFlight: app.get(Drain).inFlight }, `ending at once: ${reason}`);
    logger.flush();
    process.exit(1);
  };
  const end = async (signal: string): Promise<void> => {
    if (isEnding) return force(`a second ${signal}`);
    isEnding = true;
    logger.info({ inFlight: app.get(Drain).inFlight }, `${signal}: ending in order`);
    setTimeout(
      () => force(`requests were still in flight after ${drainTimeoutMs} ms`),
      drainTimeoutMs,
    ).unref();
    app.get(Drain).begin();
    await app.close();
    logger.info('ended');
    logger.flush();
    process.exit(0);
  };
  for (const signal of SIGNALS) process.on(signal, () => void end(signal));
}
