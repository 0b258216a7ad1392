// @ts-check
import { Agent, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';

/** Far above any answer's time: what takes longer has been lost. */
const TIMEOUT_MS = 10_000;
/** A slow upload is sent in so many parts. */
const PARTS = 8;

/**
 * @typedef {object} Call
 * @property {'GET' | 'POST'} method
 * @property {string} path
 * @property {string} [token]
 * @property {object} [body] sent as JSON
 * @property {Buffer} [upload] sent instead, as it is
 * @property {number} [overMs] how long sending that takes
 * @property {number} [takesMs] how long the answer is meant to take
 */

/** @typedef {{ status: number, release: string | undefined, body: string }} Answer */

/**
 * One keep-alive connection to the site. It never retries: a reset of a kept connection is a failure like any other.
 */
export class Connection {
  #agent = new Agent({ keepAlive: true, maxSockets: 1 });
  #origin;

  /** @param {string} origin */
  constructor(origin) {
    this.#origin = origin;
  }

  /**
   * @param {Call} call
   * @returns {Promise<Answer>}
   * @throws {Error} when there is no whole answer
   */
  exchange(call) {
    const { method, path, takesMs = 0, overMs = 0 } = call;
    const payload = call.upload ?? Buffer.from(call.body === undefined ? '' : JSON.stringify(call.body));
    const headers = headersOf(call, payload);
    return new Promise((resolve, reject) => {
      const signal = AbortSignal.timeout(TIMEOUT_MS + takesMs + overMs);
      const outgoing = request(this.#origin + path, { method, headers, agent: this.#agent, signal });
      outgoing.on('response', (incoming) => {
        const { statusCode: status = 0, headers: received } = incoming;
        const release = received['x-release']?.toString();
        text(incoming).then((answer) => resolve({ status, release, body: answer }), reject);
      });
      outgoing.on('error', reject);
      if (overMs === 0) outgoing.end(payload);
      else void sendSlowly(outgoing, payload, overMs);
    });
  }

  close() {
    this.#agent.destroy();
  }
}

/** @param {Call} call @param {Buffer} payload */
function headersOf({ token, upload }, payload) {
  return {
    'content-type': upload ? 'application/octet-stream' : 'application/json',
    'content-length': payload.length,
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  };
}

/** @param {import('node:http').ClientRequest} outgoing @param {Buffer} payload @param {number} overMs */
async function sendSlowly(outgoing, payload, overMs) {
  const size = Math.ceil(payload.length / PARTS);
  for (let at = 0; at < payload.length; at += size) {
    if (outgoing.destroyed) return;
    outgoing.write(payload.subarray(at, at + size));
    await sleep(overMs / PARTS);
  }
  outgoing.end();
}
