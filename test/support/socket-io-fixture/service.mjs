// @ts-check
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { dirname } from 'node:path';
import { Server } from 'socket.io';
import { answer } from '../deploy-fixture/answer.mjs';
import { Contract } from '../deploy-fixture/contract.mjs';
import { echo, makeRoutes } from '../deploy-fixture/routes.mjs';
import { makeDrain, number } from '../deploy-fixture/sockets.mjs';

/**
 * A service with the real socket.io that keeps the deployer's contract: numbered messages as the fixture's echo sockets
 * have them, and echoes by acknowledgement. `FIXTURE=websocket-only` refuses long polling.
 */
const { SOCKET_PATH = '', RELEASE = 'dev', COLOUR = 'none', FIXTURE = '' } = process.env;
const server = createServer();
/** @type {('polling' | 'websocket')[]} */
const transports = FIXTURE === 'websocket-only' ? ['websocket'] : ['polling', 'websocket'];
const io = new Server(server, { path: '/api/socket.io', transports });
// The engine's transports are let go: after a `disconnect` of socket.io the client would stay away. Sessions by polling are
// no websockets and are not waited for: their clients do not come to this process any more.
/** @type {Set<{ close: () => void, isWebsocket: () => boolean }>} */
const open = new Set();
const sockets = {
  get count() {
    return [...open].filter(({ isWebsocket }) => isWebsocket()).length;
  },
  drain: makeDrain(open),
  accept: () => {},
};
const contract = new Contract({ server, sockets, behaviours: new Map(), release: RELEASE, colour: COLOUR });
const routes = { ...contract.routes, ...makeRoutes({ identity: () => contract.identity(), writes: '' }) };

io.on('connection', (socket) => {
  const { conn } = socket;
  const one = { close: () => conn.close(), isWebsocket: () => conn.transport.name === 'websocket' };
  open.add(one);
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  const wait = (/** @type {() => void} */ work, /** @type {number} */ ms) => (timer = setTimeout(work, ms));
  const say = (/** @type {object} */ message) => socket.emit('number', { ...message, release: RELEASE });
  number(new URLSearchParams(socket.handshake.auth), { say, wait });
  socket.on('echo', (text, done) => done({ text, release: RELEASE }));
  socket.on('disconnect', () => {
    clearTimeout(timer);
    open.delete(one);
  });
});

// socket.io answers its own path itself.
server.on('request', (request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://fixture');
  if (pathname.startsWith('/api/socket.io')) return;
  contract.count(response);
  const route = routes[pathname] ?? echo;
  const headers = () => contract.headersFor(request);
  void answer({ request, response, headers, fails: false, afterMs: 0 }, () => route(request, searchParams));
});

process.on('SIGTERM', () => contract.end());
setInterval(() => existsSync(dirname(SOCKET_PATH)) || process.exit(0), 2_000).unref();
process.umask(0o007);
server.listen(SOCKET_PATH);
