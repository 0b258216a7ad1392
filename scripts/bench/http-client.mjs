// @ts-check
import { connect } from 'node:net';

/**
 * A client on one keep-alive connection, as light as possible: a thousand of them share the machine with the server
 * that they measure. It reads answers with a Content-Length, and 304, and no others.
 *
 * @typedef {{ status: number, head: string, body: string }} Answer
 */
export class HttpClient {
  /** @type {Buffer} */
  #received = Buffer.alloc(0);
  /** @type {{ resolve: (answer: Answer) => void, reject: (error: Error) => void } | undefined} */
  #waiting;
  #socket;

  /** @param {number} port on loopback */
  constructor(port) {
    this.#socket = connect({ host: '127.0.0.1', port, noDelay: true });
    this.#socket.on('data', (chunk) => this.#read(chunk));
    this.#socket.on('error', (error) => this.#fail(error));
    this.#socket.on('close', () => this.#fail(new Error('the connection was closed')));
  }

  /** @returns {Promise<void>} when the server has accepted the connection */
  connected() {
    return new Promise((resolve, reject) => {
      this.#socket.once('connect', resolve);
      this.#socket.once('error', reject);
    });
  }

  /**
   * @param {string} request the whole of it, as it goes over the wire
   * @returns {Promise<Answer>}
   */
  send(request) {
    return new Promise((resolve, reject) => {
      if (this.#socket.destroyed) return reject(new Error('the connection was closed'));
      this.#waiting = { resolve, reject };
      this.#socket.write(request);
    });
  }

  close() {
    this.#waiting = undefined;
    this.#socket.destroy();
  }

  /** @param {Buffer} chunk */
  #read(chunk) {
    this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk]);
    const headEnd = this.#received.indexOf('\r\n\r\n');
    if (headEnd < 0) return;
    const head = this.#received.toString('latin1', 0, headEnd);
    const status = Number(head.slice(9, 12));
    const length = status === 304 ? '0' : /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
    if (length === undefined) return this.#fail(new Error('an answer without Content-Length'));
    const end = headEnd + 4 + Number(length);
    if (this.#received.length < end) return;
    const answer = { status, head, body: this.#received.toString('utf8', headEnd + 4, end) };
    this.#received = this.#received.subarray(end);
    this.#waiting?.resolve(answer);
  }

  /** @param {Error} error */
  #fail(error) {
    this.#waiting?.reject(error);
    this.#socket.destroy();
  }
}
