// @ts-check
import { createHash } from 'node:crypto';
import { appendFileSync, readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { json, text } from 'node:stream/consumers';

/** @typedef {{ status?: number, body: unknown }} Reply */
/**
 * @typedef {(request: import('node:http').IncomingMessage, query: URLSearchParams) => Reply | Promise<Reply>} Route
 */

/**
 * What the fixture does besides the contract of a service.
 *
 * @param {{ identity: () => object, writes: string }} options writes: the file that gets each executed write
 * @returns {Readonly<Record<string, Route>>}
 */
export function makeRoutes({ identity, writes }) {
  return {
    '/api/v2/time': () => ({ body: { serverNow: new Date().toISOString() } }),
    '/api/v2/slow': async (_request, query) => {
      await sleep(Number(query.get('ms') ?? 0));
      return { body: identity() };
    },
    '/api/v2/writes': async (request) => {
      const { id } = /** @type {{ id: string }} */ (await json(request));
      if (writes !== '') appendFileSync(writes, `${id}\n`);
      return { status: 201, body: { id, ...identity() } };
    },
    '/api/v2/upload': async (request) => {
      const hash = createHash('sha256');
      for await (const part of request) hash.update(part);
      return { body: { sha256: hash.digest('hex'), ...identity() } };
    },
    '/api/v2/stream': (_request, query) => ({
      body: parts(Number(query.get('parts') ?? 10), Number(query.get('ms') ?? 0)),
    }),
    '/metrics': () => ({ body: metrics() }),
  };
}

/**
 * Every other address.
 *
 * @param {import('node:http').IncomingMessage} request
 * @returns {Promise<Reply>}
 */
export async function echo(request) {
  const body = await text(request);
  return { body: { path: (request.url ?? '/').split('?')[0], headers: request.headers, body } };
}

/**
 * A stream that says how long it is: a client that gets less knows that it was cut.
 *
 * @param {number} count
 * @param {number} ms between two parts
 */
async function* parts(count, ms) {
  for (let part = 1; part <= count; part += 1) {
    yield `${part}/${count}\n`;
    if (part < count) await sleep(ms);
  }
}

function metrics() {
  const descriptors = readdirSync('/proc/self/fd').length;
  return (
    'fixture_up 1\n' +
    `process_resident_memory_bytes ${process.memoryUsage.rss()}\nprocess_open_fds ${descriptors}\n`
  );
}
