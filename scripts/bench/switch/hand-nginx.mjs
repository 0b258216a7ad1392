// @ts-check
import { mkdirSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { findCommand } from '../../lib/commands.mjs';
import { writeFileAtomically } from '../../lib/files.mjs';
import { freePort } from '../../lib/ports.mjs';
import { run } from '../../lib/run.mjs';
import { waitFor } from '../../lib/wait.mjs';
import { Connection } from './exchange.mjs';

/** So many fresh requests in a row must be answered by the new release. */
const IN_A_ROW = 10;

/**
 * An nginx as many people write it by hand: one upstream, in a file of its own that can be rewritten.
 *
 * @param {string} dir
 * @param {string} server of the upstream, such as `127.0.0.1:8080` or `unix:/run/live.sock`
 */
export async function startHandNginx(dir, server) {
  const port = await freePort();
  const home = join(dir, 'nginx');
  mkdirSync(home, { recursive: true });
  const conf = join(home, 'nginx.conf');
  const include = join(home, 'upstream.inc');
  writeFileSync(conf, text(home, port));
  const point = (/** @type {string} */ to) => writeFileAtomically(include, `server ${to};\n`);
  point(server);
  const program = findCommand('nginx') ?? 'nginx';
  const nginx = (/** @type {string[]} */ ...args) =>
    run(program, ['-p', home, '-c', conf, '-e', join(home, 'error.log'), ...args]);
  await nginx();
  return {
    origin: `http://127.0.0.1:${port}`,
    /** Rewrites the upstream and reloads: what there was before zero downtime. @param {string} to */
    async reloadTo(to) {
      point(to);
      await nginx('-s', 'reload');
    },
    stop: () => nginx('-s', 'stop'),
  };
}

/**
 * Asks afresh until only one release answers.
 *
 * @param {string} origin
 * @param {string} release
 */
export async function waitForRelease(origin, release) {
  let inARow = 0;
  const isAlone = async () => {
    const connection = new Connection(origin);
    const answer = await connection.exchange({ method: 'GET', path: '/api/v2/time' }).catch(() => undefined);
    connection.close();
    inARow = answer?.release === release ? inARow + 1 : 0;
    return inARow >= IN_A_ROW;
  };
  await waitFor(isAlone, { timeoutMs: 15_000, everyMs: 1, what: `${release} to answer alone` });
}

/** @param {string} home @param {number} port */
function text(home, port) {
  const user = process.getuid?.() === 0 ? `user ${userInfo().username};` : '';
  return `${user}
worker_processes 2;
pid ${home}/nginx.pid;
events { worker_connections 1024; }
http {
  access_log off;
  client_body_temp_path ${home}/body;
  proxy_temp_path ${home}/proxy;
  fastcgi_temp_path ${home}/fastcgi;
  uwsgi_temp_path ${home}/uwsgi;
  scgi_temp_path ${home}/scgi;
  client_max_body_size 16m;
  map $http_upgrade $connection_upgrade { default upgrade; '' close; }
  upstream app { include ${home}/upstream.inc; }
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://app;
      proxy_http_version 1.1;
      proxy_next_upstream off;
      proxy_set_header Host $host;
      proxy_set_header X-Forwarded-For $remote_addr;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection $connection_upgrade;
    }
  }
}
`;
}
