// @ts-check
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ensureBuilt } from './lib/build.mjs';
import { ensureCommand } from './lib/commands.mjs';
import { closeMariadb, openDatabase, privateMariadbDir } from './lib/database.mjs';
import { ensureDependencies } from './lib/dependencies.mjs';
import { tryLock } from './lib/lock.mjs';
import { ROOT, builtFile, dataDir } from './lib/paths.mjs';
import { isAlive, readProcessFile } from './lib/processes.mjs';
import { runMain, say } from './lib/problem.mjs';
import { developmentSecret } from './lib/secret.mjs';

const words = process.argv.slice(2);

/** Commands that start a release, and so need what a release needs. */
const STARTS = ['deploy', 'rollback', 'preview', 'standby'];

await runMain(async () => {
  const isContract = words.includes('contract');
  const isStart = words.some((word) => STARTS.includes(word)) && !words.includes('--dry-run');
  await ensureDependencies();
  await ensureBuilt({ apps: isStart ? ['api', 'deploy'] : ['deploy'] });
  const isNeedy = (isStart || isContract) && (await isForOneself());
  const code = await handOver(isNeedy ? await releaseNeeds() : {});
  if (words.includes('down') && code === 0) await letDatabaseGo();
  return code;
});

/** Where a supervisor runs the service, it has an environment of its own: nothing is made up for it. */
async function isForOneself() {
  const { loadSite } = await import(builtFile('deploy', 'shell/site.js'));
  const at = words.findIndex((word) => ['-c', '--config'].includes(word));
  const file = words.find((word) => word.startsWith('--config='))?.slice('--config='.length);
  const site = await loadSite(file ?? (at < 0 ? null : words[at + 1]), ROOT).catch(() => null);
  // Wrong settings: the tool says so itself.
  return site?.settings.driver.kind === 'process';
}

/** What is not set is made for a machine of one's own; a server sets both. */
async function releaseNeeds() {
  await ensureCommand('nginx', { apt: 'nginx-light', brew: 'nginx' });
  const { url } = await openDatabase({ shared: true });
  return { DATABASE_URL: url, JWT_SECRET: process.env.JWT_SECRET || developmentSecret() };
}

/** The private database has nobody left to serve, unless `npm start` uses it. */
async function letDatabaseGo() {
  const dir = privateMariadbDir();
  if (process.env.DATABASE_URL || !isAlive(readProcessFile(join(dir, 'mariadb.json')))) return;
  const result = await tryLock(join(dataDir(), 'start.lock'));
  if (!('lock' in result)) return;
  const { server } = await openDatabase();
  if (server !== undefined && (await closeMariadb(server))) say('Stopped the private database.');
  result.lock.release();
}

/**
 * @param {NodeJS.ProcessEnv} more
 * @returns {Promise<number>} its exit code
 */
function handOver(more) {
  const child = spawn(process.execPath, [builtFile('deploy'), ...words], {
    cwd: ROOT,
    env: { ...process.env, ...more },
    stdio: 'inherit',
  });
  // The terminal's Ctrl-C reaches the deployer by itself; what is sent to this process alone is passed on.
  for (const name of /** @type {const} */ (['SIGTERM', 'SIGHUP'])) process.on(name, () => child.kill(name));
  process.on('SIGINT', () => {});
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? (signal === 'SIGINT' ? 130 : 143)));
  });
}
