import { loadConfig } from '@app/config';
import { createApp } from './app.setup';
import { endOnSignals } from './shutdown';
import { listen } from './listen';
import { createLogger } from './observability/logger';
import { createRequestLog } from './observability/request-log';

/** Serves until a signal comes. Wrong settings, a missing database or a taken address end it with code 1. */
async function main(): Promise<void> {
  const config = loadConfig();
  const logger = createLogger(config);
  const app = await createApp(config, logger, createRequestLog(config));
  endOnSignals(app, config, logger);
  logger.info({ address: await listen(app, config.listen) }, 'listening');
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
