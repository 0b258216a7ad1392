// @ts-check
import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { ensureCommand } from '../lib/commands.mjs';
import { readIfThere } from '../lib/files.mjs';
import { builtFile } from '../lib/paths.mjs';
import { freePort } from '../lib/ports.mjs';
import { Problem } from '../lib/problem.mjs';
import { run } from '../lib/run.mjs';
import { waitFor } from '../lib/wait.mjs';

/**
 * Renders by the product's own generator: what is measured is what a deploy puts in front of the service.
 *
 * @param {string} program
 * @param {string} dir
 * @param {number} port
 * @param {string} socket
 * @returns {Promise<string>}
 */
async function configOf(program, dir, port, socket) {
  const load = createRequire(import.meta.url);
  const { renderNginx } = load(builtFile('deploy', 'core/nginx-conf.js'));
  const { nginxSchema } = load(builtFile('deploy', 'core/nginx-settings.js'));
  const version = /(\d+)\.(\d+)\.(\d+)/
    .exec(await run(program, ['-v']))
    ?.slice(1)
    .map(Number);
  const site = {
    ...nginxSchema.parse({ port, staticRoot: dir }),
    liveSocket: socket,
    colourSockets: { blue: socket, green: socket },
    innerSocket: join(dir, 'inner.sock'),
    siteSocket: join(dir, 'site.sock'),
    developSocket: join(dir, 'develop.sock'),
    maintenanceFile: join(dir, 'maintenance'),
    home: dir,
    // As root, workers would become `nobody`, who may not connect to a socket of root's.
    user: process.getuid?.() === 0 ? userInfo().username : null,
    version,
  };
  return `daemon off;\n${renderNginx(site, 'bench')}`;
}

/**
 * Starts an nginx in front of one server.
 *
 * @param {string} dir short: nginx makes its files there
 * @param {string} socket of the server
 * @returns {Promise<{ port: number, stop: () => Promise<void> }>}
 * @throws {Problem} with its log when it does not start
 */
export async function startNginx(dir, socket) {
  const program = await ensureCommand('nginx', { apt: 'nginx-light', brew: 'nginx' });
  mkdirSync(join(dir, 'temp'), { recursive: true });
  const port = await freePort();
  const config = join(dir, 'nginx.conf');
  writeFileSync(config, await configOf(program, dir, port, socket));
  const log = join(dir, 'error.log');
  const child = spawn(program, ['-p', dir, '-c', config, '-e', log], { stdio: 'ignore' });
  const ended = new Promise((resolve) => child.once('close', resolve));
  const hasStarted = () => {
    if (child.exitCode !== null) throw new Problem(`nginx did not start:\n${readIfThere(log)}`);
    return readIfThere(join(dir, 'nginx.pid')) !== undefined;
  };
  await waitFor(hasStarted, { timeoutMs: 5_000, what: 'nginx' });
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
  };
  return { port, stop };
}
