// @ts-check
import { Agent, request } from 'node:http';
import { fail } from './load.mjs';

const TIMEOUT_MS = 10_000;

/**
 * @typedef {object} SteadyCount latencies from the moment that each request was meant for, in ms
 * @property {number} perSecond
 * @property {number} p50Ms
 * @property {number} p99Ms
 * @property {number} maxMs
 */

/**
 * Asks at a constant rate whatever the answers take: closed loops ask less while they wait, so that the worst moments
 * count least. Here each request has an intended time, and its latency counts from there.
 *
 * @param {string} origin
 * @param {{ path: string, perSecond: number, tally: import('./load.mjs').Tally, mayAnswer: import('./load.mjs').MayAnswer }} options
 */
export function startSteady(origin, { path, perSecond, tally, mayAnswer }) {
  const agent = new Agent({ keepAlive: true });
  /** @type {number[]} */
  const latencies = [];
  /** @type {Set<Promise<void>>} */
  const underWay = new Set();
  const everyMs = 1_000 / perSecond;
  let intendedMs = performance.now();
  const timer = setInterval(() => {
    for (; intendedMs <= performance.now(); intendedMs += everyMs) {
      const meant = intendedMs;
      const one = askOnTime(origin + path, { agent, meant, tally, latencies, allowed: mayAnswer() });
      underWay.add(one);
      void one.then(() => underWay.delete(one));
    }
  }, 1);
  return {
    /** Lets what is under way finish. @returns {Promise<SteadyCount>} */
    async stop() {
      clearInterval(timer);
      await Promise.all(underWay);
      agent.destroy();
      return { perSecond, ...summary(latencies) };
    },
  };
}

/**
 * @param {string} url
 * @param {object} context
 * @param {Agent} context.agent
 * @param {number} context.meant
 * @param {import('./load.mjs').Tally} context.tally
 * @param {number[]} context.latencies
 * @param {import('./load.mjs').Allowed} context.allowed
 */
async function askOnTime(url, { agent, meant, tally, latencies, allowed }) {
  tally.requests += 1;
  const problem = await ask(url, agent, allowed).catch(String);
  const latency = performance.now() - meant;
  if (problem !== undefined) return fail(tally, `GET ${url}: ${problem}`);
  latencies.push(latency);
  tally.worstGapMs = Math.max(tally.worstGapMs, latency);
}

/**
 * @param {string} url
 * @param {Agent} agent
 * @param {import('./load.mjs').Allowed} allowed
 * @returns {Promise<string | undefined>} what is wrong with the answer
 */
function ask(url, agent, allowed) {
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    request(url, { agent, signal }, (incoming) => {
      const release = incoming.headers['x-release']?.toString();
      incoming
        .on('error', reject)
        .on('end', () => {
          if (incoming.statusCode !== 200) return resolve(`status ${incoming.statusCode}`);
          resolve(allowed(release) ? undefined : `answered by ${release}, which must not answer any more`);
        })
        .resume();
    })
      .on('error', reject)
      .end();
  });
}

/** @param {number[]} latencies */
function summary(latencies) {
  const sorted = latencies.toSorted((a, b) => a - b);
  const at = (/** @type {number} */ share) =>
    Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0);
  return { p50Ms: at(0.5), p99Ms: at(0.99), maxMs: at(1) };
}
