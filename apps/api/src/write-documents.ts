import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { loadConfig } from '@app/config';
import { createApp } from './app.setup';
import { generatedDocuments } from './documents';
import { createLogger } from './observability/logger';
import { createRequestLog } from './observability/request-log';

/** Writes the generated documents into the current folder. Needs a migrated database, since the service is started. */
async function main(): Promise<void> {
  const config = loadConfig();
  const app = await createApp(config, createLogger(config), createRequestLog(config));
  for (const [path, text] of generatedDocuments(app)) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    process.stdout.write(`${path}\n`);
  }
  await app.close();
}

main().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
});
