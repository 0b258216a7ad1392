// @ts-check
import { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Answers a request when its whole body is there.
 *
 * @param {{
 *   request: import('node:http').IncomingMessage,
 *   response: import('node:http').ServerResponse,
 *   headers: () => Readonly<Record<string, string>>,
 *   fails: boolean,
 *   afterMs: number,
 * }} exchange headers: as they are at the moment of the answer
 * @param {() => import('./routes.mjs').Reply | Promise<import('./routes.mjs').Reply>} route
 */
export async function answer({ request, response, headers, fails, afterMs }, route) {
  const { status = 200, body } = await Promise.resolve()
    .then(route)
    .catch((error) => ({ status: 400, body: { message: String(error) } }));
  if (!request.readableEnded) await finished(request.resume(), { writable: false }).catch(() => {});
  if (afterMs > 0) await sleep(afterMs);
  if (isStream(body)) {
    response.writeHead(200, { 'content-type': 'text/plain', ...headers() });
    Readable.from(body).pipe(response);
    return;
  }
  response.writeHead(fails ? 500 : status, { 'content-type': 'application/json', ...headers() });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}

/** @param {unknown} body @returns {body is AsyncIterable<string>} */
function isStream(body) {
  return typeof body === 'object' && body !== null && Symbol.asyncIterator in body;
}
