// @ts-check
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBuilt } from './lib/build.mjs';
import { migrate } from './lib/database.mjs';
import { ensureDependencies } from './lib/dependencies.mjs';
import { startMariadb } from './lib/mariadb.mjs';
import { builtFile } from './lib/paths.mjs';
import { runMain } from './lib/problem.mjs';
import { run } from './lib/run.mjs';

// The documents describe the service as it starts, so it is started: on a throwaway database.
await runMain(async () => {
  await ensureDependencies();
  await ensureBuilt({ apps: ['api'] });
  const folder = mkdtempSync(join(tmpdir(), 'haru-docs-'));
  const server = await startMariadb(folder, { fast: true });
  try {
    await migrate(server.url());
    const env = {
      PATH: process.env.PATH,
      DATABASE_URL: server.url(),
      JWT_SECRET: 'development-'.padEnd(48, '0'),
    };
    process.stdout.write(await run(process.execPath, [builtFile('api', 'write-documents.js')], { env }));
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
});
