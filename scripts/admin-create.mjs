// @ts-check
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { ensureBuilt } from './lib/build.mjs';
import { migrate, openDatabase } from './lib/database.mjs';
import { ensureDependencies } from './lib/dependencies.mjs';
import { builtFile } from './lib/paths.mjs';
import { Problem, runMain } from './lib/problem.mjs';

await runMain(async () => {
  await ensureDependencies();
  await ensureBuilt({ apps: ['api'] });
  const { url, server } = await openDatabase();
  try {
    // One of somebody's own is migrated when its owner says so.
    if (server !== undefined) await migrate(url);
    return await create(url);
  } finally {
    // One that ran already belongs to somebody else: a server that is being used.
    if (server?.adopted === false) await server.stop();
  }
});

/**
 * @param {string} url the database
 * @returns {Promise<number>} exit code of the command, which reads the password from the standard input itself
 */
async function create(url) {
  const env = { ...process.env, DATABASE_URL: url };
  const args = [builtFile('api', 'admin-create.js'), ...process.argv.slice(2)];
  const [code, signal] = await once(spawn(process.execPath, args, { env, stdio: 'inherit' }), 'close');
  if (code === null) throw new Problem(`The command was ended by ${signal}.`);
  return code;
}
