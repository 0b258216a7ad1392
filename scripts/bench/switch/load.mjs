// @ts-check
import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Connection } from './exchange.mjs';

/**
 * @typedef {object} Client one closed loop: it asks, waits for the answer, thinks, and asks again
 * @property {() => import('./exchange.mjs').Call} next
 * @property {(answer: import('./exchange.mjs').Answer) => string | undefined} judge what is wrong with an answer
 * @property {(outcome: 'answered' | 'failed') => void} [settle] told how the last call ended
 */

/**
 * @typedef {object} Tally
 * @property {number} requests
 * @property {number} failed
 * @property {string[]} failures the first few, in words
 * @property {number} worstGapMs the longest that one client had to wait from one good answer to the next
 */

const SHOWN_FAILURES = 20;

/**
 * Lets clients work, each on its own connection, until they are stopped.
 *
 * @param {string} origin
 * @param {readonly Client[]} clients
 * @param {{ thinkMs?: number, mayAnswer?: () => (release: string | undefined) => boolean }} [options] thinkMs: pause
 *   between an answer and the next request, on average. mayAnswer: asked before each request, which releases may
 *   still answer it
 */
export function startLoad(origin, clients, { thinkMs = 0, mayAnswer = () => () => true } = {}) {
  /** @type {Tally} */
  const tally = { requests: 0, failed: 0, failures: [], worstGapMs: 0 };
  const stop = new AbortController();
  setMaxListeners(0, stop.signal);
  const loops = clients.map((client) =>
    loop(origin, client, { tally, thinkMs, mayAnswer, signal: stop.signal }),
  );
  return {
    tally,
    /** Lets what is under way finish. @returns {Promise<Tally>} */
    async stop() {
      stop.abort();
      await Promise.all(loops);
      return tally;
    },
  };
}

/**
 * @param {string} origin
 * @param {Client} client
 * @param {{ tally: Tally, thinkMs: number, mayAnswer: () => (release: string | undefined) => boolean, signal: AbortSignal }} context
 */
async function loop(origin, client, { tally, thinkMs, mayAnswer, signal }) {
  const connection = new Connection(origin);
  let lastGood = performance.now();
  while (!signal.aborted) {
    const problem = await askOnce(connection, client, mayAnswer());
    tally.requests += 1;
    if (problem === undefined) {
      tally.worstGapMs = Math.max(tally.worstGapMs, performance.now() - lastGood);
    } else {
      fail(tally, problem);
    }
    await sleep(Math.random() * 2 * thinkMs, undefined, { signal }).catch(() => {});
    // Thinking is the client's own doing and no gap; a failed request leaves the gap open.
    if (problem === undefined) lastGood = performance.now();
  }
  connection.close();
}

/**
 * @param {Connection} connection
 * @param {Client} client
 * @param {(release: string | undefined) => boolean} mayAnswer
 * @returns {Promise<string | undefined>} what went wrong
 */
async function askOnce(connection, client, mayAnswer) {
  const call = client.next();
  const name = `${call.method} ${call.path}`;
  try {
    const answer = await connection.exchange(call);
    const problem = client.judge(answer) ?? foreign(answer, mayAnswer);
    client.settle?.(problem === undefined ? 'answered' : 'failed');
    return problem && `${name}: ${problem}`;
  } catch (error) {
    client.settle?.('failed');
    return `${name}: ${String(error)}`;
  }
}

/**
 * @param {import('./exchange.mjs').Answer} answer
 * @param {(release: string | undefined) => boolean} mayAnswer
 */
function foreign({ release }, mayAnswer) {
  return mayAnswer(release)
    ? undefined
    : `answered by ${release ?? 'nobody'}, which must not answer any more`;
}

/** @param {Tally} tally @param {string} problem */
export function fail(tally, problem) {
  tally.failed += 1;
  if (tally.failures.length < SHOWN_FAILURES) tally.failures.push(problem);
}
