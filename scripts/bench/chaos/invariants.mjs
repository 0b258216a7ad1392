// @ts-check
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readIfThere } from '../../lib/files.mjs';
import { Connection } from '../switch/exchange.mjs';
import { liveColour, running } from './world.mjs';

/** @typedef {import('../switch/site.mjs').Site} Site */

const FRESH_REQUESTS = 10;

/**
 * What holds after every case, whatever was killed: exactly one known release answers, and state, nginx and `status`
 * name the same colour.
 *
 * @param {Site} site
 * @param {string} release that must serve
 * @returns {Promise<string[]>} what does not hold
 */
export async function brokenInvariants(site, release) {
  const answered = await whoAnswers(site.origin);
  const { code, out, err } = await site.start(['status']).ended;
  if (code !== 0) return [`status ended with ${code}: ${err}`];
  const { facts, unfinished } = JSON.parse(out).result;
  const live = liveColour(site);
  const { live: noted } = JSON.parse(readFileSync(join(site.dir, 'state.json'), 'utf8')).state;
  const through = facts.nginx.answers?.colour;
  const last = lastReceipt(site);
  return [
    ...complaint(answered.join() === release, `${answered.join(' and ')} answer, not ${release}`),
    ...complaint(unfinished === null, 'a run is still unfinished'),
    ...complaint(
      facts.state?.live.colour === live,
      `status says ${facts.state?.live.colour}, the link ${live}`,
    ),
    ...complaint(through === live, `nginx says ${through}, the link ${live}`),
    ...complaint(noted.colour === live && noted.release === release, `the state is of ${noted.release}`),
    ...complaint(running(site).length === 1, `${running(site).join(' and ')} run`),
    ...complaint(last?.outcome === 'done' && last.to?.release === release, 'the history ends otherwise'),
  ];
}

/**
 * Whether an exit code and the history are true to what serves.
 *
 * @param {Site} site
 * @param {{ code: number | null, wanted: string, served: string }} end wanted: the release that was deployed
 * @returns {string[]}
 */
export function untruths(site, { code, wanted, served }) {
  const told = receiptsOf(site).findLast(({ to }) => to?.release === wanted);
  const isLive = served === wanted;
  return [
    ...complaint(code !== 0 || isLive, `exit code 0, and ${served} serves`),
    ...complaint(code !== 4 || !isLive, `exit code 4, and ${served} serves`),
    ...complaint(told?.outcome !== 'done' || isLive, `the history says done, and ${served} serves`),
    ...complaint(code === null || [0, 4, 5].includes(code), `exit code ${code}`),
  ];
}

/** @param {Site} site */
function lastReceipt(site) {
  return receiptsOf(site).at(-1);
}

/** @param {Site} site @returns {{ outcome: string, to: { release: string } | null }[]} */
function receiptsOf({ dir }) {
  const lines = (readIfThere(join(dir, 'history.jsonl')) ?? '').trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line));
}

/** @param {string} origin @returns {Promise<string[]>} the releases that answer fresh requests */
export async function whoAnswers(origin) {
  const found = new Set();
  for (let asked = 0; asked < FRESH_REQUESTS; asked += 1) {
    const connection = new Connection(origin);
    const answer = await connection
      .exchange({ method: 'GET', path: '/api/v2/time' })
      .catch(() => ({ release: 'nobody' }));
    connection.close();
    found.add(answer.release ?? 'nobody');
  }
  return [...found];
}

/** @param {boolean} holds @param {string} otherwise */
function complaint(holds, otherwise) {
  return holds ? [] : [otherwise];
}
