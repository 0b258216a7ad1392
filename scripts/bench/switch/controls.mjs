// @ts-check
import { renameSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../../lib/ports.mjs';
import { send, waitForEnd } from '../../lib/processes.mjs';
import { endColour, startColour } from './colours.mjs';
import { startHandNginx, waitForRelease } from './hand-nginx.mjs';

/** @typedef {import('./proof.mjs').Place} Place */
/** @typedef {Place & { close: () => Promise<void> }} OpenPlace */

/**
 * The careless ways to switch. A harness that finds nothing wrong with them finds nothing: each must show failures.
 *
 * @type {Readonly<Record<string, (dir: string, env: NodeJS.ProcessEnv) => Promise<OpenPlace>>>}
 */
export const CONTROLS = Object.freeze({
  reload,
  sigterm: (dir, env) => byLink(dir, env),
  exit: (dir, env) => byLink(dir, { ...env, FIXTURE: 'drops-at-sigterm' }),
});

/**
 * A TCP upstream in an include, rewritten, and a reload. The old colour lives on and answers whatever still comes to
 * it: all that goes wrong is what nginx does to kept connections.
 *
 * @param {string} dir
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<OpenPlace>}
 */
async function reload(dir, env) {
  const start = async (/** @type {string} */ release) =>
    startColour(dir, { release, address: { port: await freePort() }, env });
  const first = 'control-0';
  let [old, live] = [await start(first), await start(first)];
  const nginx = await startHandNginx(dir, addressOf(live));
  return {
    origin: nginx.origin,
    first,
    async change(release) {
      // The one before last: nobody asks it any more.
      await endColour(old);
      [old, live] = [live, await start(release)];
      await nginx.reloadTo(addressOf(live));
      await waitForRelease(nginx.origin, release);
    },
    async close() {
      await nginx.stop();
      await Promise.all([old, live].map(endColour));
    },
  };
}

/** @param {import('./colours.mjs').Colour} colour */
function addressOf({ address }) {
  return 'port' in address ? `127.0.0.1:${address.port}` : `unix:${address.socketPath}`;
}

/**
 * The link is moved as the deployer does it, and SIGTERM follows in the same breath: requests are still on their way
 * to the old colour.
 *
 * @param {string} dir
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<OpenPlace>}
 */
async function byLink(dir, env) {
  const link = join(dir, 'live.sock');
  const start = (/** @type {string} */ release) =>
    startColour(dir, { release, address: { socketPath: join(dir, `${release}.sock`) }, env });
  const point = (/** @type {string} */ release) => {
    symlinkSync(`${release}.sock`, `${link}.next`);
    renameSync(`${link}.next`, link);
  };
  const first = 'control-0';
  let live = await start(first);
  point(first);
  const nginx = await startHandNginx(dir, `unix:${link}`);
  return {
    origin: nginx.origin,
    first,
    async change(release, onVerified) {
      const next = await start(release);
      point(release);
      send(live.identity, 'SIGTERM');
      onVerified();
      await waitForEnd(live.identity, 20_000);
      live = next;
    },
    async close() {
      await nginx.stop();
      await endColour(live);
    },
  };
}
