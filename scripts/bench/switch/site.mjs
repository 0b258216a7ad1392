// @ts-check
import { randomBytes } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startMariadb } from '../../lib/mariadb.mjs';
import { readIfThere } from '../../lib/files.mjs';
import { isAlive } from '../../lib/processes.mjs';
import { ROOT } from '../../lib/paths.mjs';
import { freePort } from '../../lib/ports.mjs';
import { say } from '../../lib/problem.mjs';
import { makeDeployer } from './deployer.mjs';

/**
 * A whole site in a folder of its own: database, nginx, two colours. Beside whatever else runs on this machine.
 *
 * @typedef {object} Site
 * @property {string} dir
 * @property {string} runDir where the sockets are
 * @property {string} origin
 * @property {string} databaseUrl
 * @property {string} build the code that all releases of this site are
 * @property {Readonly<Record<string, string | undefined>>} env what the processes of the site get
 * @property {(release: string) => Promise<Deployed>} deploy by the deployer, as a person would
 * @property {(words: readonly string[]) => import('./deployer.mjs').Command} start any command of the deployer
 * @property {(release: string) => void} addRelease
 * @property {() => string} diagnose what else is wrong when something failed; empty for nothing
 * @property {() => Promise<void>} close stops everything and removes the folder
 */

/** @typedef {{ durationMs: number, steps: { step: string, ms: number }[], probe?: { failed: number } }} Deployed */

/**
 * What a site is made of: the code of its releases, what that needs to run, and what the deployer is told about it.
 *
 * @typedef {object} Recipe
 * @property {string} build folder of the code
 * @property {string} tool folder of the deployer
 * @property {Readonly<Record<string, object>>} settings sections of deploy.yml besides those that every site here has
 * @property {Readonly<Record<string, string | undefined>>} env
 * @property {string} databaseUrl empty where there is no database
 * @property {() => string} diagnose
 * @property {() => Promise<void>} close
 */

/**
 * @param {(dir: string) => Promise<Recipe>} [prepare] the real API on a database of its own by default
 * @param {'socket' | 'reload'} [strategy] how the traffic is moved
 * @returns {Promise<Site>} with nothing deployed yet
 */
export async function openSite(prepare = prepareApi, strategy = 'socket') {
  const dir = mkdtempSync(join(process.env.HARU_TEST_FOLDER ?? tmpdir(), 'haru-switch-'));
  mkdirSync(join(dir, 'releases'));
  const recipe = await prepare(dir).catch((error) => {
    rmSync(dir, { recursive: true, force: true });
    throw error;
  });
  const { build, databaseUrl, diagnose } = recipe;
  const port = await freePort();
  const config = join(dir, 'deploy.yml');
  // JSON is YAML.
  writeFileSync(
    config,
    JSON.stringify({ ...settings(dir, port, recipe.settings), ...(await switchBy(strategy)) }),
  );
  const env = { ...process.env, LOG_LEVEL: 'warn', ...own, ...recipe.env };
  const addRelease = (/** @type {string} */ release) => symlinkSync(build, join(dir, 'releases', release));
  const deployer = makeDeployer({ tool: recipe.tool, config, env });
  return {
    dir,
    runDir: join(dir, 'run'),
    origin: `http://127.0.0.1:${port}`,
    databaseUrl,
    env,
    build,
    diagnose,
    start: deployer.start,
    addRelease,
    deploy: async (release) => {
      addRelease(release);
      return /** @type {Deployed} */ (await deployer.run('deploy', release));
    },
    async close() {
      await deployer.cancel();
      await deployer.run('down').catch((error) => say(String(error)));
      await recipe.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/**
 * @param {string} dir
 * @param {Recipe['settings']} [settings]
 * @returns {Promise<Recipe>}
 */
export async function prepareApi(dir, settings = { watch: { forMs: 500 } }) {
  const mariadb = await startMariadb(join(dir, 'db'), { fast: true });
  const databaseUrl = mariadb.url();
  const secret = randomBytes(32).toString('hex');
  const build = copyBuild(join(dir, 'build'));
  return {
    build,
    tool: build,
    settings,
    databaseUrl,
    env: { DATABASE_URL: databaseUrl, JWT_SECRET: secret },
    diagnose: () => (isAlive(mariadb.identity) ? '' : `The database has ended by itself:\n${tailOf(dir)}`),
    close: () => mariadb.kill(),
  };
}

/** @param {string} dir */
function tailOf(dir) {
  const log = readIfThere(join(dir, 'db/error.log')) ?? '';
  return log.trimEnd().split('\n').slice(-15).join('\n');
}

/**
 * The build as it is now: who goes on working on the project meanwhile does not change what is being deployed.
 *
 * @param {string} build
 */
export function copyBuild(build) {
  cpSync(join(ROOT, 'dist'), join(build, 'dist'), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(build, 'node_modules'));
  return build;
}

/** What a person has set for a server of their own must not leak into this one. */
const own = {
  REDIS_URL: undefined,
  SOCKET_PATH: undefined,
  PORT: undefined,
  HOST: undefined,
  NODE_ENV: undefined,
  // The whole load comes from one address.
  RATE_LIMITS: 'off',
};

/** @param {string} dir @param {number} port @param {Recipe['settings']} more */
function settings(dir, port, more) {
  const nginx = { port, staticRoot: join(ROOT, 'infra/nginx/www'), ...more.nginx };
  const releasesDir = join(dir, 'releases');
  return { stateDir: dir, releasesDir, health: { intervalMs: 50 }, ...more, nginx };
}

/** @param {'socket' | 'reload'} strategy */
async function switchBy(strategy) {
  if (strategy === 'socket') return {};
  const ports = { blue: await freePort(), green: await freePort(), standby: await freePort() };
  return { switch: { strategy, ports } };
}

/**
 * @param {string} runDir
 * @param {string} colour
 * @returns {number} pid of the process of a colour
 */
export function pidOf(runDir, colour) {
  return JSON.parse(readFileSync(join(runDir, `${colour}.pid`), 'utf8')).pid;
}
