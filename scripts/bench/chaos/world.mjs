// @ts-check
import { readdirSync, readlinkSync } from 'node:fs';
import { request } from 'node:http';
import { basename, join } from 'node:path';
import { readIfThere } from '../../lib/files.mjs';
import { findProcesses, isAlive, send, waitForEnd } from '../../lib/processes.mjs';
import { waitFor } from '../../lib/wait.mjs';

/** @typedef {'blue' | 'green'} Colour */
/** @typedef {import('../../lib/processes.mjs').Identity} Identity */
/** @typedef {import('../switch/site.mjs').Site} Site */

const COLOURS = /** @type {const} */ (['blue', 'green']);

/** @param {Site} site @returns {Colour} the colour that has the traffic */
export function liveColour({ runDir }) {
  return basename(readlinkSync(join(runDir, 'live.sock'))).startsWith('blue') ? 'blue' : 'green';
}

/** @param {Site} site @param {Colour} colour @returns {Identity | undefined} its process, if it runs */
export function processOf({ runDir }, colour) {
  const text = readIfThere(join(runDir, `${colour}.pid`));
  if (text === undefined) return undefined;
  const { pid, startTicks } = JSON.parse(text);
  const identity = { pid, startedAt: startTicks };
  return isAlive(identity) ? identity : undefined;
}

/** @param {Site} site @returns {string} the release that is linked and runs, whether nginx lives or not */
export function linkedRelease(site) {
  const colour = liveColour(site);
  if (processOf(site, colour) === undefined) return 'nobody';
  return JSON.parse(readIfThere(join(site.runDir, `${colour}.pid`)) ?? '{}').release ?? 'nobody';
}

/** @param {Site} site @returns {Colour[]} those that run */
export function running(site) {
  return COLOURS.filter((colour) => processOf(site, colour) !== undefined);
}

/** @param {Site} site @returns {Colour} */
export function idleColour(site) {
  return liveColour(site) === 'blue' ? 'green' : 'blue';
}

/**
 * Kills processes as a crash would, or asks them to end, and waits until they have gone.
 *
 * @param {readonly Identity[]} victims
 * @param {'SIGKILL' | 'SIGTERM'} signal
 */
export async function kill(victims, signal = 'SIGKILL') {
  for (const victim of victims) send(victim, signal);
  await Promise.all(victims.map((victim) => waitForEnd(victim, 10_000)));
}

/**
 * The processes of the site's nginx, also those whose master has died: by what they have open.
 *
 * @param {Site} site
 * @returns {{ master: Identity | undefined, workers: Identity[] }}
 */
export function nginxOf({ dir }) {
  const own = findProcesses(([title = '']) => title.startsWith('nginx: ')).filter(({ pid }) =>
    openFiles(pid).some((path) => path.startsWith(`${dir}/nginx/`)),
  );
  const isMaster = (/** @type {Identity} */ { pid }) =>
    (readIfThere(`/proc/${pid}/cmdline`) ?? '').startsWith('nginx: master');
  return { master: own.find(isMaster), workers: own.filter((one) => !isMaster(one)) };
}

/** @param {number} pid */
function openFiles(pid) {
  try {
    return readdirSync(`/proc/${pid}/fd`).map((name) => readlinkSync(`/proc/${pid}/fd/${name}`));
  } catch {
    // It has gone meanwhile, or closed one.
    return [];
  }
}

/** Whether a process is stopped, as by SIGSTOP. @param {Identity} identity */
export function isStopped({ pid }) {
  const stat = readIfThere(`/proc/${pid}/stat`) ?? '';
  return stat.slice(stat.lastIndexOf(')') + 2).startsWith('T');
}

/** Until nothing is under way on a colour: only then it is idle. @param {Site} site @param {Colour} colour */
export async function waitUntilIdle({ runDir }, colour) {
  const socketPath = join(runDir, `${colour}.sock`);
  let quiet = 0;
  const isQuiet = async () => {
    quiet = (await inFlight(socketPath)) === 0 ? quiet + 1 : 0;
    return quiet >= 5;
  };
  await waitFor(isQuiet, { timeoutMs: 20_000, everyMs: 20, what: `${colour} to be idle` });
}

/** @param {string} socketPath @returns {Promise<number>} 0 when nobody answers */
function inFlight(socketPath) {
  return new Promise((resolve) => {
    request({ socketPath, path: '/health/live', agent: false }, (answer) => {
      let body = '';
      answer
        .setEncoding('utf8')
        .on('data', (part) => (body += part))
        .on('end', () => resolve(JSON.parse(body).inFlight));
    })
      .on('error', () => resolve(0))
      .end();
  });
}
