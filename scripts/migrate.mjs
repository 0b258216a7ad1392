// @ts-check
import { ensureBuilt } from './lib/build.mjs';
import { migrate, openDatabase } from './lib/database.mjs';
import { ensureDependencies } from './lib/dependencies.mjs';
import { runMain } from './lib/problem.mjs';

await runMain(async () => {
  await ensureDependencies();
  await ensureBuilt({ apps: ['api'] });
  const { url, server } = await openDatabase();
  try {
    process.stdout.write(await migrate(url, { args: process.argv.slice(2) }));
  } finally {
    // One that ran already belongs to somebody else: a server that is being used.
    if (server?.adopted === false) await server.stop();
  }
});
