// @ts-check
import { Agent, request } from 'node:http';
import { text } from 'node:stream/consumers';

/** Far above any answer's time: what takes longer has been lost. */
const TIMEOUT_MS = 10_000;

/**
 * @typedef {object} Call
 * @property {'GET' | 'POST'} method
 * @property {string} path
 * @property {string} [token]
 * @property {object} [body]
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
  exchange({ method, path, token, body }) {
    const payload = body === undefined ? '' : JSON.stringify(body);
    const headers = {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(payload),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    };
    return new Promise((resolve, reject) => {
      const signal = AbortSignal.timeout(TIMEOUT_MS);
      const outgoing = request(this.#origin + path, { method, headers, agent: this.#agent, signal });
      outgoing.on('response', (incoming) => {
        const { statusCode: status = 0, headers: received } = incoming;
        const release = received['x-release']?.toString();
        text(incoming).then((answer) => resolve({ status, release, body: answer }), reject);
      });
      outgoing.on('error', reject);
      outgoing.end(payload);
    });
  }

  close() {
    this.#agent.destroy();
  }
}
