// @ts-check
import { request } from 'node:http';

const TIMEOUT_MS = 2_000;

/**
 * Asks the server one thing.
 *
 * @param {import('./settings.mjs').Listen} listen
 * @param {string} path
 * @returns {Promise<{ status: number, body: Record<string, unknown> } | undefined>} undefined when no JSON comes
 */
export function get(listen, path) {
  const target = 'socketPath' in listen ? listen : { host: reachable(listen.host), port: listen.port };
  return new Promise((resolve) => {
    const asked = request({ ...target, path, agent: false, timeout: TIMEOUT_MS }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (chunk) => (text += chunk));
      answer.once('end', () => resolve(parse(answer.statusCode ?? 0, text)));
      answer.once('error', () => resolve(undefined));
    });
    asked.once('timeout', () => asked.destroy());
    asked.once('error', () => resolve(undefined));
    asked.end();
  });
}

/**
 * @param {number} status
 * @param {string} text
 */
function parse(status, text) {
  try {
    return { status, body: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

/**
 * "Every address" is one to listen on, not one to call.
 *
 * @param {string} host
 */
function reachable(host) {
  if (host === '0.0.0.0') return '127.0.0.1';
  return host === '::' ? '::1' : host;
}
