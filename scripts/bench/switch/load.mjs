// @ts-check
import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Connection } from './exchange.mjs';

/**
 * @typedef {object} Client what one closed loop asks, and what it thinks of the answers
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

/** @typedef {(release: string | undefined) => boolean} Allowed which releases may answer a request */
/** @typedef {() => Allowed} MayAnswer asked before each request */

/**
 * @typedef {object} User somebody who asks, waits for the answer, thinks, and asks again
 * @property {Client} client
 * @property {Tally} tally where it is counted
 * @property {() => number} thinkMs the pause before the next request, drawn anew each time
 * @property {boolean} [afresh] a new connection for each request
 */

const SHOWN_FAILURES = 20;

/** @returns {Tally} */
export function emptyTally() {
  return { requests: 0, failed: 0, failures: [], worstGapMs: 0 };
}

/**
 * Lets clients work, each on its own connection, until they are stopped.
 *
 * @param {string} origin
 * @param {readonly Client[]} clients
 * @param {{ thinkMs?: number, mayAnswer?: MayAnswer }} [options] thinkMs: pause between an answer and the next
 *   request, on average
 */
export function startLoad(origin, clients, { thinkMs = 0, mayAnswer = () => () => true } = {}) {
  const tally = emptyTally();
  const users = clients.map((client) => ({ client, tally, thinkMs: () => Math.random() * 2 * thinkMs }));
  const crowd = startUsers(origin, users, mayAnswer);
  return {
    tally,
    /** Lets what is under way finish. @returns {Promise<Tally>} */
    async stop() {
      await crowd.stop();
      return tally;
    },
  };
}

/**
 * Lets users work until they are stopped. Who thinks then asks once more: a connection that was lost meanwhile shows.
 *
 * @param {string} origin
 * @param {readonly User[]} users
 * @param {MayAnswer} mayAnswer
 */
export function startUsers(origin, users, mayAnswer) {
  const stop = new AbortController();
  setMaxListeners(0, stop.signal);
  const loops = users.map((user) => loop(origin, user, { mayAnswer, signal: stop.signal }));
  return {
    /** Lets what is under way finish. */
    async stop() {
      stop.abort();
      await Promise.all(loops);
    },
  };
}

/**
 * @param {string} origin
 * @param {User} user
 * @param {{ mayAnswer: MayAnswer, signal: AbortSignal }} context
 */
async function loop(origin, { client, tally, thinkMs, afresh = false }, { mayAnswer, signal }) {
  let connection = new Connection(origin);
  let lastGood = performance.now();
  for (;;) {
    const isLast = signal.aborted;
    const call = client.next();
    const problem = await askOnce(connection, { call, client, allowed: mayAnswer() });
    tally.requests += 1;
    if (problem === undefined) {
      const meantMs = (call.takesMs ?? 0) + (call.overMs ?? 0);
      tally.worstGapMs = Math.max(tally.worstGapMs, performance.now() - lastGood - meantMs);
    } else {
      fail(tally, problem);
    }
    if (isLast) break;
    if (afresh) connection = reopened(connection, origin);
    await sleep(thinkMs(), undefined, { signal }).catch(() => {});
    // Thinking is the client's own doing and no gap; a failed request leaves the gap open.
    if (problem === undefined) lastGood = performance.now();
  }
  connection.close();
}

/** @param {Connection} connection @param {string} origin */
function reopened(connection, origin) {
  connection.close();
  return new Connection(origin);
}

/**
 * @param {Connection} connection
 * @param {{ call: import('./exchange.mjs').Call, client: Client, allowed: Allowed }} question
 * @returns {Promise<string | undefined>} what went wrong
 */
export async function askOnce(connection, { call, client, allowed }) {
  const name = `${call.method} ${call.path}`;
  try {
    const answer = await connection.exchange(call);
    const problem = client.judge(answer) ?? foreign(answer, allowed);
    client.settle?.(problem === undefined ? 'answered' : 'failed');
    return problem && `${name}: ${problem}`;
  } catch (error) {
    client.settle?.('failed');
    return `${name}: ${String(error)}`;
  }
}

/**
 * @param {import('./exchange.mjs').Answer} answer
 * @param {Allowed} allowed
 */
function foreign({ release }, allowed) {
  return allowed(release) ? undefined : `answered by ${release ?? 'nobody'}, which must not answer any more`;
}

/** @param {Tally} tally @param {string} problem */
export function fail(tally, problem) {
  tally.failed += 1;
  if (tally.failures.length < SHOWN_FAILURES) tally.failures.push(problem);
}
