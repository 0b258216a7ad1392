// @ts-check
import { constants } from 'node:os';
import { join } from 'node:path';
import { ensureBuilt } from './lib/build.mjs';
import { closeMariadb, migrate, openDatabase, privateMariadbDir } from './lib/database.mjs';
import { ensureDependencies } from './lib/dependencies.mjs';
import { tryLock } from './lib/lock.mjs';
import { ensureMariadb, startMariadb } from './lib/mariadb.mjs';
import { dataDir } from './lib/paths.mjs';
import { Problem, runMain, say } from './lib/problem.mjs';
import { listenForStop } from './lib/signals.mjs';
import { startApi, stopLeftApi } from './lib/start/api.mjs';
import { hints } from './lib/start/hints.mjs';
import { keepAlive } from './lib/start/keep-alive.mjs';
import { addressOf, checkPort, readSettings } from './lib/start/settings.mjs';

const stop = listenForStop();
await runMain(async () => {
  const folder = dataDir();
  const lock = await lockFolder(folder);
  try {
    return await start(folder, lock);
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    // Stopped while still starting: what was under way has been ended, and nothing has been served.
    return 128 + constants.signals[await stop.wished];
  } finally {
    lock.release();
  }
});

/**
 * @param {string} folder
 * @param {import('./lib/lock.mjs').Lock} lock
 */
async function start(folder, lock) {
  const { signal } = stop;
  // First, since it may need a person: half a minute of installing should not come before the bad news.
  if (!process.env.DATABASE_URL) await ensureMariadb(privateMariadbDir(), signal);
  await ensureDependencies({ signal });
  await ensureBuilt({ apps: ['api'], signal });
  const { env, listen } = await readSettings(folder);
  lock.tell({ address: addressOf(listen) });
  await stopLeftApi(folder);
  await checkPort(listen);
  const { url, server } = await openDatabase({ signal });
  const keeper = server && keepAlive(server, () => startMariadb(privateMariadbDir()));
  try {
    await migrate(url, { signal });
    const api = await startApi(folder, { ...env, DATABASE_URL: url }, listen, signal);
    process.stdout.write(hints(listen));
    return await serve(api, keeper?.gaveUp);
  } finally {
    if (keeper !== undefined) await closeDatabase(keeper);
  }
}

/**
 * Serves until somebody wants it to end, or until it cannot go on.
 *
 * @param {import('./lib/start/api.mjs').Api} api
 * @param {Promise<Problem>} [gaveUp]
 */
async function serve(api, gaveUp) {
  const crashed = api.ended.then((how) => new Problem(`The server ended with ${how}.`));
  const reason = await Promise.race([stop.wished, crashed, ...(gaveUp === undefined ? [] : [gaveUp])]);
  if (!(reason instanceof Problem)) say('Stopping: requests under way may finish.');
  void stop.insisted.then(() => api.kill());
  await api.stop();
  if (reason instanceof Problem) throw reason;
  return 0;
}

/** @param {{ close: () => Promise<import('./lib/mariadb.mjs').Mariadb> }} keeper */
async function closeDatabase(keeper) {
  const server = await keeper.close();
  const isStopped = await closeMariadb(server);
  if (!isStopped) say(`A deployed release uses the database: it stays up (process ${server.pid}).`);
}

/**
 * @param {string} folder
 * @returns {Promise<import('./lib/lock.mjs').Lock>}
 * @throws {Problem} that names the one who is first
 */
async function lockFolder(folder) {
  const result = await tryLock(join(folder, 'start.lock'));
  if ('lock' in result) return result.lock;
  const { pid, address } = result.holder ?? { pid: undefined, address: undefined };
  throw new Problem(
    `npm start already runs in this folder: process ${pid ?? 'unknown'}, ${address ?? 'still starting'}.\n` +
      `Stop it by Ctrl-C in its terminal${pid === undefined ? '' : `, or:  kill ${pid}`}`,
  );
}
