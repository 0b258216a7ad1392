// @ts-check
import { randomBytes, randomUUID } from 'node:crypto';
import { request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { FrameReader, closeFrame, textFrame } from '../../../test/support/deploy-fixture/frames.mjs';
import { waitFor } from '../../lib/wait.mjs';

/** "Service restart": the server wants the client to come back. */
const SERVICE_RESTART = 1012;
const GOING_AWAY = 1001;
const HANDSHAKE_TIMEOUT_MS = 5_000;
/** Clients come back within this time, each at a moment of its own. */
const RETURN_MS = 100;
/** Opened at once, so that the harness does not measure the backlog of the site. */
const OPENED_TOGETHER = 50;

/**
 * @typedef {object} SocketTally
 * @property {number} clients
 * @property {number} messages numbered messages received
 * @property {number} lost numbers that never came, and echoes that never came back
 * @property {number} doubled numbers that came again
 * @property {number} echoes
 * @property {number} cuts sockets that ended without a close that asks the client to come back
 * @property {number} refused handshakes that were not answered with 101
 * @property {number} closed sockets that the site has let go
 * @property {number} worstGapMs the longest from the end of a socket to the next one's beginning
 * @property {number[]} closedAtMs when each was let go, on the clock of `performance.now()`
 * @property {string[]} failures the first few, in words
 */

/** @typedef {{ origin: string, everyMs: number, echoEveryMs: number, lastMs: number, tally: SocketTally }} Crowd */

/**
 * Opens echo sockets of the fixture service and keeps them until they are stopped: a client that is let go comes back
 * and asks for what it has missed. It never forgives a cut.
 *
 * @param {string} origin
 * @param {number} count
 * @param {{ everyMs?: number, echoEveryMs?: number, lastMs?: number }} [pace] of the site's numbered messages and of the
 *   client's own; lastMs: what has not arrived so long after the stop is lost
 */
export async function openSockets(origin, count, { everyMs = 200, echoEveryMs = 500, lastMs = 5_000 } = {}) {
  const tally = { ...NOTHING, clients: count, closedAtMs: [], failures: [] };
  /** @type {Crowd} */
  const crowd = { origin, everyMs, echoEveryMs, lastMs, tally };
  const clients = Array.from({ length: count }, () => new SocketClient(crowd));
  for (let first = 0; first < count; first += OPENED_TOGETHER) {
    await Promise.all(clients.slice(first, first + OPENED_TOGETHER).map((client) => client.open()));
  }
  return {
    tally,
    /** How many are open now. */
    open: () => clients.filter(({ isOpen }) => isOpen).length,
    /** The releases that serve a socket now. */
    releases: () => new Set(clients.filter(({ isOpen }) => isOpen).map(({ release }) => release)),
    /** @returns {Promise<SocketTally>} */
    async stop() {
      await Promise.all(clients.map((client) => client.finish()));
      return tally;
    },
  };
}

const NOTHING = {
  messages: 0,
  lost: 0,
  doubled: 0,
  echoes: 0,
  cuts: 0,
  refused: 0,
  closed: 0,
  worstGapMs: 0,
};

/**
 * The most that came within any second.
 *
 * @param {readonly number[]} moments in ms
 */
export function worstSecond(moments) {
  const sorted = [...moments].sort((a, b) => a - b);
  let first = 0;
  return sorted.reduce((worst, moment, index) => {
    while (moment - (sorted[first] ?? moment) >= 1_000) first += 1;
    return Math.max(worst, index - first + 1);
  }, 0);
}

class SocketClient {
  #id = randomUUID();
  #since = Date.now() - Math.floor(Math.random() * 1_000);
  #seen = 0;
  #echoed = 0;
  #awaited = 0;
  #isLeaving = false;
  #endedAtMs = 0;
  /** @type {import('node:stream').Duplex | null} */
  #socket = null;
  /** @type {string | undefined} */
  release;
  #crowd;

  /** @param {Crowd} crowd */
  constructor(crowd) {
    this.#crowd = crowd;
  }

  get isOpen() {
    return this.#socket !== null;
  }

  /** Connects until it succeeds; every refusal counts. */
  async open() {
    while (!this.#isLeaving) {
      const socket = await this.#handshake().catch((error) => this.#fail('refused', error.message));
      if (socket) return this.#serve(socket);
      await sleep(RETURN_MS);
    }
  }

  /** Waits for all that must have come by now, and says good-bye. */
  async finish() {
    const { everyMs, lastMs, tally } = this.#crowd;
    const expected = Math.floor((Date.now() - this.#since) / everyMs);
    const missing = () => Math.max(0, expected - this.#seen) + this.#awaited - this.#echoed;
    await waitFor(() => missing() === 0, { timeoutMs: lastMs, what: 'messages' }).catch(() => {});
    if (missing() > 0) this.#fail('lost', `${missing()} messages never came`, missing());
    this.#isLeaving = true;
    const socket = this.#socket;
    if (socket === null) return tally;
    await new Promise((resolve) => {
      socket.once('close', resolve).write(closeFrame(GOING_AWAY, { masked: true }));
      setTimeout(() => socket.destroy(), HANDSHAKE_TIMEOUT_MS).unref();
    });
    return tally;
  }

  /** @returns {Promise<import('node:stream').Duplex>} */
  #handshake() {
    const { origin, everyMs } = this.#crowd;
    const query = `client=${this.#id}&since=${this.#since}&everyMs=${everyMs}&after=${this.#seen}`;
    const headers = {
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': randomBytes(16).toString('base64'),
    };
    return new Promise((resolve, reject) => {
      const asked = request(`${origin}/api/v2/sockets?${query}`, { headers, agent: false });
      const timer = setTimeout(() => asked.destroy(new Error('no answer')), HANDSHAKE_TIMEOUT_MS);
      asked.on('close', () => clearTimeout(timer));
      asked.on('error', reject);
      asked.on('response', (answer) => {
        answer.resume();
        reject(new Error(`status ${answer.statusCode}`));
      });
      asked.on('upgrade', (answer, socket, head) => {
        clearTimeout(timer);
        this.release = answer.headers['x-release']?.toString();
        if (head.length > 0) socket.unshift(head);
        resolve(socket);
      });
      asked.end();
    });
  }

  /** @param {import('node:stream').Duplex} socket */
  #serve(socket) {
    const { tally, echoEveryMs } = this.#crowd;
    if (this.#endedAtMs > 0) {
      tally.worstGapMs = Math.max(tally.worstGapMs, performance.now() - this.#endedAtMs);
    }
    this.#socket = socket;
    let code = 0;
    const reader = new FrameReader();
    socket.on('data', (/** @type {Buffer} */ chunk) => {
      for (const frame of reader.push(chunk)) {
        if (frame.kind === 'text') this.#read(JSON.parse(frame.text));
        if (frame.kind !== 'close') continue;
        code = frame.code;
        clearInterval(timer);
        if (!this.#isLeaving) socket.end(closeFrame(code, { masked: true }));
      }
    });
    socket.on('error', () => socket.destroy());
    socket.on('end', () => socket.end());
    const timer = setInterval(() => this.#say(), echoEveryMs);
    this.#repeat();
    socket.on('close', () => {
      clearInterval(timer);
      this.#end(code);
    });
  }

  #say() {
    this.#awaited += 1;
    this.#socket?.write(textFrame(JSON.stringify({ echo: this.#awaited }), { masked: true }));
  }

  /** What was said and has not come back before the socket was closed is said again. */
  #repeat() {
    for (let echo = this.#echoed + 1; echo <= this.#awaited; echo += 1) {
      this.#socket?.write(textFrame(JSON.stringify({ echo }), { masked: true }));
    }
  }

  /** @param {{ n?: number, echo?: number }} message */
  #read({ n, echo }) {
    const { tally } = this.#crowd;
    if (echo !== undefined) {
      tally.echoes += 1;
      this.#echoed = Math.max(this.#echoed, echo);
    }
    if (n === undefined) return;
    tally.messages += 1;
    if (n <= this.#seen) this.#fail('doubled', `number ${n} came again`);
    if (n > this.#seen + 1) this.#fail('lost', `${this.#seen} was followed by ${n}`, n - this.#seen - 1);
    this.#seen = Math.max(this.#seen, n);
  }

  /** @param {number} code of the site's close; 0: there was none */
  #end(code) {
    const { tally } = this.#crowd;
    this.#socket = null;
    if (this.#isLeaving) return;
    this.#endedAtMs = performance.now();
    if (code === SERVICE_RESTART) {
      tally.closed += 1;
      tally.closedAtMs.push(this.#endedAtMs);
    } else this.#fail('cuts', `a socket ended with code ${code}`);
    void sleep(Math.random() * RETURN_MS).then(() => this.open());
  }

  /** @param {'lost' | 'doubled' | 'cuts' | 'refused'} what @param {string} why @param {number} [times] */
  #fail(what, why, times = 1) {
    const { tally } = this.#crowd;
    tally[what] += times;
    if (tally.failures.length < 20) tally.failures.push(`${what}: ${why}`);
    return null;
  }
}
