// @ts-check
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../../lib/ports.mjs';
import { say } from '../../lib/problem.mjs';
import { run } from '../../lib/run.mjs';
import { startHandNginx, waitForRelease } from './hand-nginx.mjs';

/** The one that the figures of the design were measured with. */
const VERSION = '7.0.4';
const PROCESSES = 2;
const NAME = 'fixture';

/** @typedef {import('./controls.mjs').OpenPlace} OpenPlace */

/**
 * `pm2 reload` of a cluster, as its own documents describe it. It is installed into the place's folder, has its home
 * there, and is told to send the signal that the service understands. People talk to the cluster itself.
 *
 * @param {string} dir
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<OpenPlace>}
 */
export async function openPm2Alone(dir, env) {
  const home = await install(dir);
  const port = await freePort();
  const cli = join(home, 'node_modules/pm2/bin/pm2');
  const own = { PM2_HOME: join(dir, 'pm2-home'), PM2_KILL_SIGNAL: 'SIGTERM', PORT: String(port) };
  const pm2 = (/** @type {string} */ release, /** @type {string[]} */ ...args) =>
    run(process.execPath, [cli, ...args], {
      cwd: join(dir, 'code'),
      env: { ...process.env, SOCKET_PATH: undefined, ...env, ...own, HOST: '127.0.0.1', RELEASE: release },
    });
  const origin = `http://127.0.0.1:${port}`;
  const first = 'pm2-0';
  await pm2(first, 'start', 'service/service.mjs', '--name', NAME, '-i', String(PROCESSES));
  await waitForRelease(origin, first);
  return {
    origin,
    first,
    async change(release) {
      await pm2(release, 'reload', NAME, '--update-env');
      await waitForRelease(origin, release);
    },
    async close() {
      await pm2(first, 'kill');
    },
  };
}

/**
 * The same behind nginx, which opens a connection for each request.
 *
 * @param {string} dir
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<OpenPlace>}
 */
export async function openPm2(dir, env) {
  const alone = await openPm2Alone(dir, env);
  const nginx = await startHandNginx(dir, new URL(alone.origin).host);
  return {
    ...alone,
    origin: nginx.origin,
    async close() {
      await nginx.stop();
      await alone.close();
    },
  };
}

/** @param {string} dir @returns {Promise<string>} where it is */
async function install(dir) {
  const home = join(dir, 'pm2');
  mkdirSync(home, { recursive: true });
  say(`Installing pm2 ${VERSION} into ${home}.`);
  const args = ['install', `pm2@${VERSION}`, '--prefix', home, '--no-save', '--no-audit', '--no-fund'];
  await run('npm', args, { cwd: home });
  return home;
}
