// @ts-check
import { FrameReader, acceptKey, closeFrame, textFrame } from './frames.mjs';

/** "Service restart": the client shall come back. */
const SERVICE_RESTART = 1012;
/** A client that does not answer the close is cut off. */
const CLOSE_TIMEOUT_MS = 2_000;
const DEFAULT_EVERY_MS = 1_000;
/** Every pause between two closes is drawn from half to one and a half of the average. */
const JITTER = 0.5;

/**
 * Echo sockets with numbered messages: `GET /api/v2/sockets?client=<id>&since=<ms>&everyMs=<ms>&after=<n>`.
 *
 * Message n of a client exists from `since + n * everyMs` on, as if a store held it: both colours know the same
 * messages without sharing anything. A client says the last number it has seen (`after`) and gets all later ones, once
 * each and in order; from a gap, a repetition or too few of them by now it knows that a message was lost.
 *
 * What a client sends as `{"echo": ...}` comes back with the release and the colour.
 *
 * @param {{ release: string, colour: string }} identity
 */
export function makeSockets(identity) {
  /** @type {Set<ReturnType<typeof serve>>} */
  const open = new Set();
  const drain = makeDrain(open);
  return {
    /** Sockets that are open, those that are being closed included. */
    get count() {
      return open.size;
    },
    drain,
    /** @param {import('node:http').IncomingMessage} request @param {import('node:stream').Duplex} socket */
    accept(request, socket) {
      const { pathname, searchParams } = new URL(request.url ?? '/', 'http://fixture');
      const key = request.headers['sec-websocket-key'];
      if (pathname !== '/api/v2/sockets' || key === undefined) {
        socket.end(ignored(request, identity.release));
        return;
      }
      socket.write(
        'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
          `Sec-WebSocket-Accept: ${acceptKey(key)}\r\nX-Release: ${identity.release}\r\n\r\n`,
      );
      const one = serve(socket, searchParams, identity);
      open.add(one);
      socket.on('close', () => open.delete(one));
    },
  };
}

/**
 * A server may go on in HTTP (RFC 9110, 7.8): what was asked for is echoed, as everywhere else.
 *
 * @param {import('node:http').IncomingMessage} request
 * @param {string} release
 */
function ignored({ url, headers }, release) {
  const body = JSON.stringify({ path: url, headers });
  return [
    'HTTP/1.1 200 OK',
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    `X-Release: ${release}`,
    'Connection: close',
    '',
    body,
  ].join('\r\n');
}

/**
 * @param {import('node:stream').Duplex} socket
 * @param {URLSearchParams} query
 * @param {{ release: string, colour: string }} identity
 */
function serve(socket, query, identity) {
  let isClosing = false;
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  const say = (/** @type {object} */ message) =>
    isClosing || socket.write(textFrame(JSON.stringify({ ...message, ...identity })));
  const stop = () => {
    isClosing = true;
    clearTimeout(timer);
  };
  const close = (/** @type {number} */ code) => {
    if (isClosing) return;
    stop();
    socket.write(closeFrame(code));
    timer = setTimeout(() => socket.destroy(), CLOSE_TIMEOUT_MS);
  };
  number(query, { say, wait: (work, ms) => (timer = setTimeout(work, ms)) });
  const reader = new FrameReader();
  socket.on('data', (chunk) => {
    for (const frame of reader.push(chunk)) {
      if (frame.kind === 'close') {
        if (!isClosing) socket.write(closeFrame(frame.code === 1005 ? 1000 : frame.code));
        socket.end();
      } else if (frame.kind === 'ping' && !isClosing) socket.write(textFrame(frame.text, { kind: 'pong' }));
      else if (frame.kind === 'text') say(JSON.parse(frame.text));
    }
  });
  socket.on('end', () => socket.end());
  socket.on('error', () => socket.destroy());
  socket.on('close', stop);
  return { close };
}

/**
 * Sends the numbered messages of a client, those that it has missed at once, the others when their time comes.
 *
 * @param {URLSearchParams} query
 * @param {{ say: (message: object) => void, wait: (work: () => void, ms: number) => void }} tools
 */
export function number(query, { say, wait }) {
  const client = query.get('client');
  const everyMs = Number(query.get('everyMs') ?? DEFAULT_EVERY_MS);
  const since = Number(query.get('since') ?? Date.now());
  let seen = Number(query.get('after') ?? 0);
  const next = () => {
    const now = Date.now();
    while (since + (seen + 1) * everyMs <= now) say({ client, n: (seen += 1) });
    wait(next, Math.max(1, since + (seen + 1) * everyMs - now));
  };
  next();
}

/**
 * Lets the sockets go that are open now: at a rate, with jitter, so that their clients do not come back all at once.
 * Those that come later stay, until it is called again: the last call's rate and deadline are the ones that count.
 *
 * @param {ReadonlySet<{ close: (code: number) => void }>} open
 */
export function makeDrain(open) {
  /** @type {Set<{ close: (code: number) => void }>} */
  const queue = new Set();
  let rate = 1;
  let deadline = 0;
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  const step = () => {
    const isLate = performance.now() >= deadline;
    for (const one of [...queue].slice(0, isLate ? queue.size : 1)) {
      queue.delete(one);
      one.close(SERVICE_RESTART);
    }
    const pauseMs = (1_000 / rate) * (1 - JITTER + 2 * JITTER * Math.random());
    const waitMs = Math.max(0, Math.min(pauseMs, deadline - performance.now()));
    timer = queue.size === 0 ? undefined : setTimeout(step, waitMs);
  };
  return (/** @type {{ ratePerS: number, deadlineMs: number }} */ { ratePerS, deadlineMs }) => {
    rate = ratePerS;
    deadline = performance.now() + deadlineMs;
    for (const one of open) queue.add(one);
    if (timer === undefined) step();
  };
}
