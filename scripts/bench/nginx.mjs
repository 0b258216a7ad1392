// @ts-check
import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { ensureCommand } from '../lib/commands.mjs';
import { readIfThere } from '../lib/files.mjs';
import { Problem } from '../lib/problem.mjs';
import { waitFor } from '../lib/wait.mjs';

/**
 * @param {string} dir
 * @param {readonly { port: number, socket: string }[]} sites
 */
function configOf(dir, sites) {
  // Like the product's: no keep-alive to an upstream whose socket is swapped at a deploy.
  const server = (/** @type {{ port: number, socket: string }} */ { port, socket }) => `
  server {
    listen 127.0.0.1:${port} backlog=4096;
    location / {
      proxy_pass http://unix:${socket}:;
      proxy_set_header Host $host;
      proxy_set_header X-Forwarded-For $remote_addr;
      proxy_set_header X-Request-Id $request_id;
    }
  }`;
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  return `${process.getuid?.() === 0 ? 'user root;' : ''}
daemon off;
worker_processes 1;
worker_rlimit_nofile 16384;
pid ${dir}/nginx.pid;
events { worker_connections 8192; }
http {
  access_log ${dir}/access.log;
  keepalive_requests 100000;
  ${temporary.map((name) => `${name}_temp_path ${dir}/${name};`).join('\n  ')}
  ${sites.map(server).join('')}
}
`;
}

/**
 * @param {string} dir short: nginx makes its files there
 * @param {readonly string[]} sockets one site for each
 * @returns {Promise<{ ports: number[], stop: () => Promise<void> }>} ports in the order of the sockets
 * @throws {Problem} with its log when it does not start
 */
export async function startNginx(dir, sockets) {
  const program = await ensureCommand('nginx', { apt: 'nginx-light', brew: 'nginx' });
  mkdirSync(dir);
  const ports = await Promise.all(sockets.map(freePort));
  const config = join(dir, 'nginx.conf');
  writeFileSync(
    config,
    configOf(
      dir,
      sockets.map((socket, n) => ({ socket, port: ports[n] ?? 0 })),
    ),
  );
  const log = join(dir, 'error.log');
  const child = spawn(program, ['-p', dir, '-c', config, '-e', log], { stdio: 'ignore' });
  const ended = new Promise((resolve) => child.once('close', resolve));
  const hasStarted = () => {
    if (child.exitCode !== null) throw new Problem(`nginx did not start:\n${readIfThere(log)}`);
    return readIfThere(join(dir, 'nginx.pid'));
  };
  await waitFor(hasStarted, { timeoutMs: 5_000, what: 'nginx' });
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
  };
  return { ports, stop };
}

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
