// @ts-check
import { Problem, say } from '../problem.mjs';

const WINDOW_MS = 60_000;
const MAX_RESTARTS = 5;

/**
 * Starts a database server again whenever it dies, until that happens too often.
 *
 * @template {{ readonly pid: number, readonly ended: Promise<void> }} Server
 * @param {Server} first
 * @param {() => Promise<Server>} start
 * @param {{ now?: () => number, tell?: (text: string) => void }} [options] now: in ms
 * @returns {{ gaveUp: Promise<Problem>, close: () => Promise<Server> }} `close` ends the
 *   watch, waits for a start under way, and gives the server that counts
 */
export function keepAlive(first, start, { now = () => performance.now(), tell = say } = {}) {
  let server = first;
  let closed = false;
  /** @type {Promise<Server>} */
  let restart = Promise.resolve(first);
  /** @type {number[]} */
  const deaths = [];

  const watch = async () => {
    for (;;) {
      await server.ended;
      if (closed) return new Promise(() => {});
      deaths.push(now());
      if (deaths.filter((at) => now() - at < WINDOW_MS).length > MAX_RESTARTS) {
        return new Problem(`The database died ${MAX_RESTARTS + 1} times within a minute: giving up.`);
      }
      tell(`The database (process ${server.pid}) has died. Starting it again.`);
      restart = start();
      const outcome = await restart.catch((/** @type {unknown} */ error) => asProblem(error));
      if (outcome instanceof Problem) return outcome;
      server = outcome;
      tell(`The database is back (process ${server.pid}).`);
    }
  };

  const close = async () => {
    closed = true;
    await restart.catch(() => undefined);
    return server;
  };
  return { gaveUp: watch(), close };
}

/** @param {unknown} error */
function asProblem(error) {
  return new Problem(
    `The database cannot be started again: ${error instanceof Error ? error.message : error}`,
  );
}
