// @ts-check
import { setMaxListeners } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { Problem, say } from '../lib/problem.mjs';
import { HttpClient } from './http-client.mjs';
import { enrolGroups } from './people.mjs';
import { align } from './table.mjs';

/** Groups of so many; in one half of them the lobby is open, in the other all study. */
const GROUPS = 200;
const GROUP_SIZE = 5;
const CLIENTS = GROUPS * GROUP_SIZE;
const WARM_UP_S = 5;
const MEASURED_S = 60;

/** @typedef {import('./people.mjs').Poller} Poller */
/** @typedef {{ latenciesMs: number[], notModified: number, errors: string[] }} Tally */

/**
 * A thousand clients poll one process as the web client does: everybody in a lobby every 2 s, everybody in a running
 * study every 3 s (the host, too, who would not), each on a connection of its own, with the tag that its browser holds.
 *
 * @param {import('./lab.mjs').Lab} lab
 * @param {import('./options.mjs').Options} options
 * @param {AbortSignal} signal
 * @returns {Promise<string>} requests a second, latencies, the share of a core that the process took
 * @throws {Problem} when any poll fails
 */
export async function crowd(lab, { json }, signal) {
  // Everybody listens to it while they wait for their turn.
  setMaxListeners(CLIENTS, signal);
  const { origin } = await lab.startApi();
  say(`Enrolling ${CLIENTS} people in ${GROUPS} studies.`);
  const pollers = await enrolGroups(origin, GROUPS, GROUP_SIZE);
  await pollFor(WARM_UP_S, origin, pollers, signal);
  const before = await cpuSeconds(origin);
  const startedAt = performance.now();
  const { latenciesMs, notModified } = await pollFor(MEASURED_S, origin, pollers, signal);
  const seconds = (performance.now() - startedAt) / 1_000;
  const cpuShare = ((await cpuSeconds(origin)) - before) / seconds;
  latenciesMs.sort((a, b) => a - b);
  const at = (/** @type {number} */ share) => latenciesMs[Math.floor(latenciesMs.length * share)] ?? NaN;
  const result = {
    clients: CLIENTS,
    seconds: round(seconds, 1),
    rps: round(latenciesMs.length / seconds, 0),
    notModifiedShare: round(notModified / latenciesMs.length, 3),
    p50Ms: round(at(0.5), 2),
    p99Ms: round(at(0.99), 2),
    cpuShare: round(cpuShare, 3),
  };
  return json
    ? JSON.stringify(result)
    : align(Object.entries(result).map(([name, value]) => [name, `${value}`]));
}

/** @param {number} value @param {number} digits */
const round = (value, digits) => Number(value.toFixed(digits));

/**
 * @param {number} seconds
 * @param {string} origin
 * @param {readonly Poller[]} pollers
 * @param {AbortSignal} signal
 * @returns {Promise<Tally>}
 */
async function pollFor(seconds, origin, pollers, signal) {
  /** @type {Tally} */
  const tally = { latenciesMs: [], notModified: 0, errors: [] };
  const port = Number(new URL(origin).port);
  const endsAt = performance.now() + seconds * 1_000;
  await Promise.all(
    pollers.map((poller, n) => pollAlone(port, poller, n / pollers.length, endsAt, tally, signal)),
  );
  if (tally.errors.length > 0)
    throw new Problem(`${tally.errors.length} polls failed, the first: ${tally.errors[0]}`);
  return tally;
}

/**
 * @param {number} port
 * @param {Poller} poller
 * @param {number} phase of its interval, after which it begins: people do not come at once
 * @param {number} endsAt
 * @param {Tally} tally
 * @param {AbortSignal} signal
 */
async function pollAlone(port, { path, token, everyMs }, phase, endsAt, tally, signal) {
  const head = `GET ${path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ${token}\r\ncontent-type: application/json\r\n`;
  const client = new HttpClient(port);
  let held = '';
  try {
    await client.connected();
    for (let dueAt = performance.now() + phase * everyMs; dueAt < endsAt; dueAt += everyMs) {
      await wait(Math.max(0, dueAt - performance.now()), undefined, { signal });
      const sentAt = performance.now();
      const answer = await client.send(`${head}${held === '' ? '' : `if-none-match: ${held}\r\n`}\r\n`);
      tally.latenciesMs.push(performance.now() - sentAt);
      if (answer.status === 304) tally.notModified += 1;
      else if (answer.status !== 200) tally.errors.push(`${answer.status} ${answer.body.slice(0, 200)}`);
      held = /\r\netag: *([^\r\n]+)/i.exec(answer.head)?.[1] ?? '';
    }
  } catch (error) {
    signal.throwIfAborted();
    tally.errors.push(String(error));
  } finally {
    client.close();
  }
}

/** @param {string} origin @returns {Promise<number>} that the process has taken since it began */
async function cpuSeconds(origin) {
  const metrics = await (await fetch(`${origin}/metrics`)).text();
  return Number(/^process_cpu_seconds_total(?:\{[^}]*\})? ([\d.e+-]+)/m.exec(metrics)?.[1] ?? NaN);
}
