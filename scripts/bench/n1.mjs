// @ts-check
import { join } from 'node:path';
import { Problem, say } from '../lib/problem.mjs';
import { poll } from './cases.mjs';
import { HttpClient } from './http-client.mjs';
import { startNginx } from './nginx.mjs';
import { rowsOf } from './table.mjs';

/** Clients, each with a connection, a token, a member and a study of its own. */
export const PEOPLE = 1_000;
/** Polls of each client, one after the other. */
const POLLS = 50;
const WARM_UP_POLLS = 5;
const NAME = `N1: ${PEOPLE} clients x ${POLLS} polls through nginx`;
const EXPECTED = JSON.stringify({ progressStep: 'planning' });

/** @typedef {import('./people.mjs').Person} Person */

/**
 * A thousand people poll through nginx, our API and the raw server in turn, one process each behind a unix socket.
 *
 * @param {import('./lab.mjs').Lab} lab
 * @param {readonly Person[]} people
 * @param {number} repeats
 * @param {AbortSignal} signal
 * @throws {Problem} when any poll fails
 */
export async function measureN1(lab, people, repeats, signal) {
  const sockets = { raw: join(lab.dir, 'raw.sock'), api: join(lab.dir, 'api.sock') };
  await Promise.all([lab.startRaw({ socketPath: sockets.raw }), lab.startApi({ socketPath: sockets.api })]);
  const rawNginx = await startNginx(join(lab.dir, 'nginx-raw'), sockets.raw);
  const apiNginx = await startNginx(join(lab.dir, 'nginx-api'), sockets.api);
  try {
    for (const { port } of [rawNginx, apiNginx]) await pollAll(port, people, WARM_UP_POLLS);
    const raw = [];
    const api = [];
    for (let round = 1; round <= repeats && !signal.aborted; round += 1) {
      raw.push(await pollAll(rawNginx.port, people, POLLS));
      api.push(await pollAll(apiNginx.port, people, POLLS));
      say(`${NAME}: raw ${secondsOf(raw.at(-1))} s, ours ${secondsOf(api.at(-1))} s, 0 errors`);
    }
    signal.throwIfAborted();
    return rowsOf(NAME, raw, api);
  } finally {
    await Promise.all([rawNginx.stop(), apiNginx.stop()]);
  }
}

/** @param {import('./wrk.mjs').Speed} [speed] */
const secondsOf = (speed) => ((PEOPLE * POLLS) / (speed?.rps ?? NaN)).toFixed(2);

/**
 * @param {number} port
 * @param {readonly Person[]} people
 * @param {number} polls of each
 * @returns {Promise<import('./wrk.mjs').Speed>} from the first connect to the last answer
 * @throws {Problem} when a poll fails, with their number and the first reason
 */
export async function pollAll(port, people, polls) {
  /** @type {number[]} */
  const latenciesMs = [];
  /** @type {string[]} */
  const errors = [];
  const startedAt = performance.now();
  await Promise.all(people.map((person) => pollAlone(port, person, polls, latenciesMs, errors)));
  const seconds = (performance.now() - startedAt) / 1000;
  // What a client could not even send after its connection was cut has failed as well.
  const total = people.length * polls;
  if (latenciesMs.length < total) {
    throw new Problem(`${total - latenciesMs.length} of ${total} polls failed, the first: ${errors[0]}`);
  }
  latenciesMs.sort((a, b) => a - b);
  return {
    rps: latenciesMs.length / seconds,
    p99Ms: latenciesMs[Math.floor(latenciesMs.length * 0.99)] ?? NaN,
  };
}

/**
 * @param {number} port
 * @param {Person} person
 * @param {number} polls
 * @param {number[]} latenciesMs of the polls that succeeded
 * @param {string[]} errors
 */
async function pollAlone(port, person, polls, latenciesMs, errors) {
  const { method, path, headers } = poll(person);
  const lines = Object.entries({ host: 'localhost', ...headers }).map(([name, value]) => `${name}: ${value}`);
  const request = `${method} ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`;
  const client = new HttpClient(port);
  try {
    await client.connected();
    for (let turn = 0; turn < polls; turn += 1) {
      const sentAt = performance.now();
      const { status, body } = await client.send(request);
      if (status === 200 && body === EXPECTED) latenciesMs.push(performance.now() - sentAt);
      else errors.push(`${status} ${body.slice(0, 200)}`);
    }
  } catch (error) {
    errors.push(String(error));
  } finally {
    client.close();
  }
}
