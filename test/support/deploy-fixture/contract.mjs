// @ts-check
import { json } from 'node:stream/consumers';

/** How sockets are let go when the process is to end and nobody has asked before. */
const AT_THE_END = { ratePerS: 100, deadlineMs: 5_000 };
/** Clients that have not answered the close by then are left alone: the process ends. */
const LAST_WORDS_MS = 2_500;

/**
 * What the deployer asks of a service: docs/service-contract.md.
 *
 * @typedef {object} Parts
 * @property {import('node:http').Server} server
 * @property {ReturnType<typeof import('./sockets.mjs').makeSockets>} sockets
 * @property {ReadonlyMap<string, string>} behaviours
 * @property {string} release
 * @property {string} colour
 */
export class Contract {
  #startedAt = new Date().toISOString();
  #inFlight = 0;
  #readinessAsked = 0;
  #isEnding = false;
  #parts;

  /** @param {Parts} parts */
  constructor(parts) {
    this.#parts = parts;
  }

  /** @returns {Readonly<Record<string, import('./routes.mjs').Route>>} */
  get routes() {
    return {
      '/health/live': () => ({ body: { status: 'alive', ...this.identity(), ...this.#busy() } }),
      '/health/ready': () => this.#readiness(),
      '/drain': (request) => this.#drain(request),
    };
  }

  identity() {
    const { behaviours, release, colour } = this.#parts;
    return {
      release: behaviours.has('wrong-release') ? 'another' : release,
      colour: behaviours.has('wrong-colour') ? 'none' : colour,
      pid: behaviours.has('wrong-pid') ? process.pid + 1 : process.pid,
      startedAt: this.#startedAt,
    };
  }

  /** @param {import('node:http').ServerResponse} response */
  count(response) {
    this.#inFlight += 1;
    response.on('close', () => {
      this.#inFlight -= 1;
      if (this.#isEnding) setImmediate(() => this.#parts.server.closeIdleConnections());
    });
  }

  /** @param {import('node:http').IncomingMessage} request */
  headersFor({ headers }) {
    const { behaviours, release } = this.#parts;
    const isBehindNginx = headers['x-forwarded-for'] !== undefined;
    const isOld =
      behaviours.has('answers-as-old') || (isBehindNginx && behaviours.has('answers-as-old-behind-nginx'));
    return {
      'x-release': isOld ? 'another' : release,
      ...(this.#isEnding ? { connection: 'close' } : {}),
    };
  }

  /** The end: what is under way is finished, sockets are let go at a rate, all of it no later than a deadline. */
  end() {
    const { server, sockets } = this.#parts;
    this.#isEnding = true;
    sockets.drain(AT_THE_END);
    server.close(() => process.exit(0));
    server.closeIdleConnections();
    if (sockets.count > 0) setTimeout(() => process.exit(0), AT_THE_END.deadlineMs + LAST_WORDS_MS);
  }

  /** Without the request that asks. */
  #busy() {
    return { inFlight: this.#inFlight - 1, sockets: this.#parts.sockets.count };
  }

  #readiness() {
    const { behaviours } = this.#parts;
    this.#readinessAsked += 1;
    if (behaviours.has('ends-when-asked-again') && this.#readinessAsked > 1) process.exit(1);
    const isFlapping = behaviours.has('flaps') && this.#readinessAsked % 3 === 0;
    const isReady = !this.#isEnding && !isFlapping && !behaviours.has('not-ready');
    const database = isReady ? { ok: true } : { ok: false, reason: 'the fixture was told so' };
    const status = isReady ? 'ready' : 'not-ready';
    return { status: isReady ? 200 : 503, body: { status, ...this.identity(), checks: { database } } };
  }

  /** @param {import('node:http').IncomingMessage} request @returns {Promise<import('./routes.mjs').Reply>} */
  async #drain(request) {
    const { behaviours, sockets } = this.#parts;
    const isKnown = request.method === 'POST' && isFromOperator(request) && !behaviours.has('knows-no-drain');
    if (!isKnown) return { status: 404, body: { message: 'not found' } };
    if (behaviours.has('exits-early')) process.exit(0);
    const wish = readWish(await json(request));
    if (wish === null) return { status: 400, body: { message: 'ratePerS from 1 up, deadlineMs from 0 up' } };
    if (!behaviours.has('ignores-drain')) sockets.drain(wish);
    return { status: 202, body: this.#busy() };
  }
}

/**
 * A unix socket has no addresses: who can connect to it may ask. By TCP it must be this machine, without a proxy.
 *
 * @param {import('node:http').IncomingMessage} request
 */
function isFromOperator({ headers, socket: { remoteAddress } }) {
  const isNear = remoteAddress === undefined || /^(::ffff:)?127\.|^::1$/.test(remoteAddress);
  return isNear && headers['x-forwarded-for'] === undefined;
}

/** @param {unknown} body @returns {{ ratePerS: number, deadlineMs: number } | null} */
function readWish(body) {
  const { ratePerS, deadlineMs } = /** @type {Record<string, unknown>} */ (body ?? {});
  if (typeof ratePerS !== 'number' || !(ratePerS >= 1)) return null;
  if (typeof deadlineMs !== 'number' || !(deadlineMs >= 0)) return null;
  return { ratePerS, deadlineMs };
}
