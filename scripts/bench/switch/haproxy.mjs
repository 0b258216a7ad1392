// @ts-check
import { spawn } from 'node:child_process';
import { openSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { ensureCommand } from '../../lib/commands.mjs';
import { freePort } from '../../lib/ports.mjs';
import { Problem } from '../../lib/problem.mjs';
import { identityOf, stopProcess } from '../../lib/processes.mjs';
import { drainColour, endColour, startColour } from './colours.mjs';
import { waitForRelease } from './hand-nginx.mjs';

/**
 * HAProxy in the place of nginx: two servers, switched by its runtime API, the old one drained and then stopped.
 *
 * @param {string} dir
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<import('./controls.mjs').OpenPlace>}
 */
export async function openHaproxy(dir, env) {
  const program = await ensureCommand('haproxy', { apt: 'haproxy', brew: 'haproxy' });
  const start = (/** @type {string} */ release, /** @type {string} */ colour) =>
    startColour(dir, { release, address: { socketPath: join(dir, `${colour}.sock`) }, env });
  const first = 'haproxy-0';
  let live = { colour: 'blue', process: await start(first, 'blue') };
  const haproxy = await startHaproxy(dir, program);
  await waitForRelease(haproxy.origin, first);
  return {
    origin: haproxy.origin,
    first,
    async change(release, onVerified) {
      const colour = live.colour === 'blue' ? 'green' : 'blue';
      const next = { colour, process: await start(release, colour) };
      await haproxy.tell(`set server app/${colour} state ready`);
      await haproxy.tell(`set server app/${live.colour} state drain`);
      await waitForRelease(haproxy.origin, release);
      onVerified();
      await drainColour(live.process);
      await endColour(live.process);
      live = next;
    },
    async close() {
      await haproxy.stop();
      await endColour(live.process);
    },
  };
}

/** @param {string} dir @param {string} program */
async function startHaproxy(dir, program) {
  const port = await freePort();
  const conf = join(dir, 'haproxy.cfg');
  const admin = join(dir, 'haproxy.sock');
  writeFileSync(conf, config(dir, port, admin));
  const log = openSync(join(dir, 'haproxy.log'), 'a');
  // In the foreground: it is a child like any other.
  const child = spawn(program, ['-db', '-f', conf], { stdio: ['ignore', log, log] });
  const identity = identityOf(child.pid ?? 0);
  if (identity === undefined) throw new Problem('haproxy did not start');
  return {
    origin: `http://127.0.0.1:${port}`,
    tell: (/** @type {string} */ command) => tell(admin, command),
    stop: () => stopProcess(identity, { graceMs: 5_000 }),
  };
}

/** @param {string} admin @param {string} command @throws {Problem} with its complaint: it is silent when all is well */
async function tell(admin, command) {
  const socket = connect(admin);
  socket.end(`${command}\n`);
  const answer = (await text(socket)).trim();
  if (answer !== '') throw new Problem(`haproxy to \`${command}\`: ${answer}`);
}

/** @param {string} dir @param {number} port @param {string} admin */
function config(dir, port, admin) {
  return `global
  stats socket ${admin} mode 600 level admin
defaults
  mode http
  timeout connect 5s
  timeout client 100s
  timeout server 100s
  timeout http-keep-alive 100s
  option http-server-close
  option forwardfor
  retries 0
frontend site
  bind 127.0.0.1:${port}
  default_backend app
backend app
  server blue unix@${join(dir, 'blue.sock')}
  server green unix@${join(dir, 'green.sock')} disabled
`;
}
