// @ts-check
import { existsSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { dirname } from 'node:path';
import { readBehaviours } from './behaviours.mjs';
import { Contract } from './contract.mjs';
import { echo, makeRoutes } from './routes.mjs';
import { answer } from './answer.mjs';
import { makeSockets } from './sockets.mjs';
import { leaveChild, makeTrouble } from './trouble.mjs';

/**
 * The smallest service that keeps the deployer's contract, and breaks it on command. `FIXTURE` is a list of
 * behaviours by comma, each optionally for one release alone: `wrong-release`, `r2=never-listens`.
 *
 * never-listens | listens-elsewhere | exits | exits-well | ends-when-asked-again (after one answer about its readiness) | slow-start | wrong-release | wrong-colour | wrong-pid | not-ready | flaps |
 * answers-as-old | answers-as-old-behind-nginx | ignores-sigterm | drops-at-sigterm | leaves-children |
 * knows-no-drain (404, as before the drain request) | ignores-drain | exits-early (when asked to drain)
 *
 * Behind nginx alone: slow; slow-3-percent, errors-5-percent, leaks (memory and descriptors) with people's requests;
 * dies-after=<seconds> from the first request on; and what people ask for (the echo), from the fifth request on:
 * dies | hangs | fails
 *
 * Sockets: see sockets.mjs. `FIXTURE_WRITES` names a file that gets the id of each executed `POST /api/v2/writes`.
 */
const {
  SOCKET_PATH = '',
  HOST = '127.0.0.1',
  PORT = '',
  RELEASE = 'dev',
  COLOUR = 'none',
  FIXTURE = '',
  FIXTURE_WRITES = '',
  HARU_TEST_FOLDER = '',
} = process.env;
const SLOW_START_MS = 1_000;
const behaviours = readBehaviours(FIXTURE, RELEASE);
const folder = SOCKET_PATH === '' ? HARU_TEST_FOLDER : dirname(SOCKET_PATH);

const sockets = makeSockets({ release: RELEASE, colour: COLOUR });
const server = createServer();
const contract = new Contract({ server, sockets, behaviours, release: RELEASE, colour: COLOUR });
const routes = {
  ...contract.routes,
  ...makeRoutes({ identity: () => contract.identity(), writes: FIXTURE_WRITES }),
};
const trouble = makeTrouble(behaviours);

server.on('request', (request, response) => {
  contract.count(response);
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://fixture');
  const { fails, afterMs } = trouble.meet(request, pathname);
  const route = routes[pathname] ?? echo;
  const headers = () => contract.headersFor(request);
  void answer({ request, response, headers, fails, afterMs }, () => route(request, searchParams));
});
server.on('upgrade', (request, socket) => {
  trouble.meet(request, '/api/v2/sockets');
  sockets.accept(request, socket);
});

process.on('SIGTERM', () => {
  if (behaviours.has('ignores-sigterm')) return;
  if (behaviours.has('drops-at-sigterm')) process.exit(0);
  contract.end();
});

/** A name that a killed process left is free; one where somebody listens is not. */
function listen() {
  if (SOCKET_PATH === '') return server.listen(Number(PORT), HOST, () => say(`${HOST}:${PORT}`));
  const probe = connect(SOCKET_PATH);
  probe.on('connect', () => {
    console.error(`somebody listens on ${SOCKET_PATH}`);
    process.exit(1);
  });
  probe.on('error', () => {
    if (existsSync(SOCKET_PATH)) rmSync(SOCKET_PATH);
    process.umask(0o007);
    server.listen(behaviours.has('listens-elsewhere') ? `${SOCKET_PATH}.elsewhere` : SOCKET_PATH, () =>
      say(SOCKET_PATH),
    );
  });
}

/** @param {string} address */
function say(address) {
  console.log(JSON.stringify({ msg: 'listening', address }));
}

server.on('error', (error) => {
  console.error(error.message);
  process.exit(1);
});
// It outlives whoever started it, but not the folder of a test that was killed before it could clear away.
if (folder !== '') setInterval(() => existsSync(folder) || process.exit(0), 2_000).unref();

console.log(JSON.stringify({ msg: 'starting', release: RELEASE, colour: COLOUR, pid: process.pid }));
if (behaviours.has('exits')) {
  console.error('the fixture ends at once: no such table');
  process.exit(1);
}
if (behaviours.has('exits-well')) process.exit(0);
if (behaviours.has('leaves-children')) leaveChild(folder);
if (behaviours.has('never-listens')) setInterval(() => {}, 60_000);
else if (behaviours.has('slow-start')) setTimeout(listen, SLOW_START_MS);
else listen();
