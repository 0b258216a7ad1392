// @ts-check
import { spawn } from 'node:child_process';
import { openSync, readlinkSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { identityOf, waitForEnd } from '../../lib/processes.mjs';
import { waitFor } from '../../lib/wait.mjs';
import { pidOf } from './site.mjs';

/**
 * The positive control: the same switch without any patience. SIGTERM follows the rename in the same breath, while
 * requests are still on their way to the old colour. A harness that finds nothing wrong with this finds nothing.
 *
 * @param {import('./site.mjs').Site} site
 * @param {string} release
 */
export async function switchCarelessly(site, release) {
  const link = join(site.runDir, 'live.sock');
  const old = readlinkSync(link).startsWith('blue') ? 'blue' : 'green';
  const colour = old === 'blue' ? 'green' : 'blue';
  const name = `${colour}-${release}.sock`;
  start(site, { release, colour, socket: join(site.runDir, name) });
  await waitFor(() => isReady(join(site.runDir, name)), { timeoutMs: 30_000, what: `${colour} to be ready` });
  const before = identityOf(pidOf(site.runDir, old));
  symlinkSync(name, `${link}.next`);
  renameSync(`${link}.next`, link);
  if (before === undefined) return;
  process.kill(before.pid, 'SIGTERM');
  await waitForEnd(before, 20_000);
}

/**
 * @param {import('./site.mjs').Site} site
 * @param {{ release: string, colour: string, socket: string }} target
 */
function start({ env, dir, runDir, build }, { release, colour, socket }) {
  const log = openSync(join(dir, `careless-${release}.log`), 'a');
  const child = spawn(process.execPath, ['dist/apps/api/src/main.js'], {
    cwd: build,
    env: { ...env, RELEASE: release, COLOUR: colour, SOCKET_PATH: socket },
    detached: true,
    stdio: ['ignore', log, log],
  });
  child.unref();
  const identity = identityOf(child.pid ?? 0);
  const note = { pid: child.pid, startTicks: identity?.startedAt, release };
  // As the deployer notes it, so that its `down` finds and stops this one too.
  writeFileSync(join(runDir, `${colour}.pid`), JSON.stringify(note));
}

/** @param {string} socketPath @returns {Promise<boolean>} */
function isReady(socketPath) {
  return new Promise((resolve) => {
    request({ socketPath, path: '/health/ready', agent: false }, (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200);
    })
      .on('error', () => resolve(false))
      .end();
  });
}
