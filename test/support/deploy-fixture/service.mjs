// @ts-check
import { existsSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { dirname } from 'node:path';

/**
 * The smallest service that keeps the deployer's contract, and breaks it on command. `FIXTURE` is a list of
 * behaviours by comma, each optionally for one release alone: `wrong-release`, `r2=never-listens`.
 *
 * never-listens | exits | exits-well | slow-start | wrong-release | wrong-colour | wrong-pid | not-ready | flaps |
 * answers-as-old | answers-as-old-behind-nginx | ignores-sigterm | drops-at-sigterm
 *
 * Behind nginx alone: slow; and what people ask for (the echo), from the fifth request on: dies | hangs | fails
 */
const { SOCKET_PATH = '', RELEASE = 'dev', COLOUR = 'none', FIXTURE = '' } = process.env;
const behaviours = new Set(
  FIXTURE.split(',')
    .map((word) => word.split('='))
    .flatMap(([first, second]) => (second === undefined ? [first] : first === RELEASE ? [second] : [])),
);
const startedAt = new Date().toISOString();
const SLOW_START_MS = 1_000;
const SLOW_ANSWER_MS = 400;
const TROUBLE_FROM_ECHO = 5;

let inFlight = 0;
let readinessAsked = 0;
let echoes = 0;
let isDraining = false;

const identity = () => ({
  release: behaviours.has('wrong-release') ? 'another' : RELEASE,
  colour: behaviours.has('wrong-colour') ? 'none' : COLOUR,
  pid: behaviours.has('wrong-pid') ? process.pid + 1 : process.pid,
  startedAt,
});

function readiness() {
  readinessAsked += 1;
  const isFlapping = behaviours.has('flaps') && readinessAsked % 3 === 0;
  const isReady = !isDraining && !isFlapping && !behaviours.has('not-ready');
  const database = isReady ? { ok: true } : { ok: false, reason: 'the fixture was told so' };
  return {
    status: isReady ? 200 : 503,
    body: { status: isReady ? 'ready' : 'not-ready', ...identity(), checks: { database } },
  };
}

/** @type {Readonly<Record<string, (query: URLSearchParams) => { status?: number, body: unknown, afterMs?: number }>>} */
const ROUTES = {
  '/health/live': () => ({ body: { status: 'alive', ...identity(), inFlight: inFlight - 1 } }),
  '/health/ready': () => readiness(),
  '/api/v2/time': () => ({ body: { serverNow: new Date().toISOString() } }),
  '/api/v2/slow': (query) => ({ body: { ...identity() }, afterMs: Number(query.get('ms') ?? 0) }),
  '/metrics': () => ({ body: 'fixture_up 1' }),
};

function makeTrouble() {
  if (behaviours.has('dies')) process.exit(1);
  if (behaviours.has('hangs')) for (;;);
}

const server = createServer((request, response) => {
  inFlight += 1;
  response.on('close', () => {
    inFlight -= 1;
    if (isDraining) setImmediate(() => server.closeIdleConnections());
  });
  const url = new URL(request.url ?? '/', 'http://fixture');
  const route = ROUTES[url.pathname] ?? (() => ({ body: { path: url.pathname, headers: request.headers } }));
  const isBehindNginx = request.headers['x-forwarded-for'] !== undefined;
  const isEcho = isBehindNginx && url.pathname === '/api/v2/echo';
  if (isEcho) echoes += 1;
  const isTroubled = isEcho && echoes >= TROUBLE_FROM_ECHO;
  if (isTroubled) makeTrouble();
  const { body, ...usual } = route(url.searchParams);
  const status = isTroubled && behaviours.has('fails') ? 500 : (usual.status ?? 200);
  const afterMs = isBehindNginx && behaviours.has('slow') ? SLOW_ANSWER_MS : (usual.afterMs ?? 0);
  const isOld =
    behaviours.has('answers-as-old') || (isBehindNginx && behaviours.has('answers-as-old-behind-nginx'));
  const release = isOld ? 'another' : RELEASE;
  request.resume().on('end', () => {
    setTimeout(() => {
      response.writeHead(status, {
        'content-type': 'application/json',
        'x-release': release,
        ...(isDraining ? { connection: 'close' } : {}),
      });
      response.end(JSON.stringify(body));
    }, afterMs);
  });
});

process.on('SIGTERM', () => {
  if (behaviours.has('ignores-sigterm')) return;
  if (behaviours.has('drops-at-sigterm')) process.exit(0);
  isDraining = true;
  server.close(() => process.exit(0));
  server.closeIdleConnections();
});

/** A name that a killed process left is free; one where somebody listens is not. */
function listen() {
  const probe = connect(SOCKET_PATH);
  probe.on('connect', () => {
    console.error(`somebody listens on ${SOCKET_PATH}`);
    process.exit(1);
  });
  probe.on('error', () => {
    if (existsSync(SOCKET_PATH)) rmSync(SOCKET_PATH);
    process.umask(0o007);
    server.listen(SOCKET_PATH, () => console.log(JSON.stringify({ msg: 'listening', address: SOCKET_PATH })));
  });
}

// It outlives whoever started it, but not the folder of a test that was killed before it could clear away.
setInterval(() => existsSync(dirname(SOCKET_PATH)) || process.exit(0), 2_000).unref();

console.log(JSON.stringify({ msg: 'starting', release: RELEASE, colour: COLOUR, pid: process.pid }));
if (behaviours.has('exits')) {
  console.error('the fixture ends at once: no such table');
  process.exit(1);
}
if (behaviours.has('exits-well')) process.exit(0);
if (behaviours.has('never-listens')) setInterval(() => {}, 60_000);
else if (behaviours.has('slow-start')) setTimeout(listen, SLOW_START_MS);
else listen();
