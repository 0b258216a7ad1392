// @ts-check
import { waitFor } from '../../lib/wait.mjs';
import { compare } from '../switch/audit.mjs';
import { fixtureUsers } from '../switch/fixture-crowd.mjs';
import { executedWrites } from '../switch/fixture-site.mjs';
import { Ledger } from '../switch/ledger.mjs';
import { startUsers } from '../switch/load.mjs';
import { readJournal, releaseWatch } from '../switch/releases.mjs';
import { openSockets } from '../switch/sockets.mjs';
import { DEEDS } from './deeds.mjs';
import { brokenInvariants, untruths, whoAnswers } from './invariants.mjs';
import { isStopped, linkedRelease } from './world.mjs';

/** @typedef {import('../switch/site.mjs').Site} Site */
/** @typedef {import('./cases.mjs').Case} Case */

/**
 * @typedef {object} Outcome
 * @property {string} case
 * @property {Case['loss']} loss
 * @property {number} requests
 * @property {number} failed
 * @property {number} outageMs the longest that somebody who asks all the time was not served
 * @property {number} recoveryMs from the beginning of the next command until nothing is unfinished any more
 * @property {number | null} code of the command that it happened to; null: a signal ended it
 * @property {readonly string[]} problems whatever should have been otherwise
 */

const REACH_TIMEOUT_MS = 60_000;
/** The promise for the live colour inside the watch window. */
const WATCHED_MS = 2_000;
/** With that many failed requests in the first words, everybody knows enough. */
const SHOWN = 3;

/** Light: what is tested is not the throughput. */
const PACE = Object.freeze({
  busy: 3,
  thinkMs: 15,
  lazy: 4,
  lazyMs: 1_000,
  slow: 1,
  slowMs: 300,
  uploads: 1,
  uploadKiB: 256,
  streams: 1,
  streamMs: 300,
  fresh: 2,
  sockets: 5,
  perSecond: 0,
});

/**
 * A deploy is caught at a point, something is done to it or beside it, and the next commands must need nobody. People
 * use the site all the while.
 *
 * @param {Site} site
 * @param {Case} one
 * @param {{ before: string, number: number }} context before: the release that serves
 * @returns {Promise<{ outcome: Outcome, serves: string }>}
 */
export async function runCase(site, one, { before, number }) {
  const [hit, next] = [`hit-${number}`, `next-${number}`];
  /** @type {string[]} */
  const problems = [];
  const complain = (/** @type {string} */ problem) => void problems.push(problem);
  const releases = releaseWatch(before);
  releases.begin(hit);
  const load = await startLoad(site, one, releases.mayAnswer);
  const { code, served } = await beHit(site, one, { release: hit, complain });
  for (const problem of untruths(site, { code, wanted: hit, served })) complain(problem);
  releases.begin(next);
  const recoveryMs = await goOn(site, next, complain);
  releases.end(next);
  for (const problem of await brokenInvariants(site, next)) complain(problem);
  const { requests, failed, outageMs, failures } = await load.stop();
  if (one.loss === 'none' && failed > 0) failures.slice(0, SHOWN).forEach(complain);
  if (one.loss === 'watched' && outageMs > WATCHED_MS) complain(`nobody was served for ${outageMs} ms`);
  const { name, loss } = one;
  return {
    outcome: { case: name, loss, requests, failed, outageMs, recoveryMs, code, problems },
    serves: next,
  };
}

/**
 * @param {Site} site
 * @param {Case} one
 * @param {{ release: string, complain: (problem: string) => void }} context
 */
async function beHit(site, { point, deed }, { release, complain }) {
  site.addRelease(release);
  const { identity, ended } = site.start(['deploy', release, '--fault', `${point}:stop`]);
  if (identity === undefined) throw new Error('the deployer did not start');
  let isOver = false;
  void ended.then(() => (isOver = true));
  await waitFor(() => isOver || isStopped(identity), {
    timeoutMs: REACH_TIMEOUT_MS,
    what: `the point ${point}`,
  });
  if (isOver) complain(`the point ${point} was not reached: ${(await ended).err}`);
  else await DEEDS[deed]({ site, deployer: identity, release, complain });
  const { code } = await ended;
  // A deploy does not answer for an nginx that died after its last question: then the link tells what is live.
  const isDown = deed.startsWith('nginx-');
  const [served = 'nobody'] = isDown ? [linkedRelease(site)] : await whoAnswers(site.origin);
  return { code, served };
}

/**
 * The next deploy: it finishes or undoes what was begun, and works.
 *
 * @param {Site} site
 * @param {string} release
 * @param {(problem: string) => void} complain
 */
async function goOn(site, release, complain) {
  site.addRelease(release);
  const begin = performance.now();
  let settledMs = 0;
  const timer = setInterval(() => {
    const isBegun = readJournal(site.dir).some(
      ({ phase, to }) => phase === 'begin' && to?.release === release,
    );
    if (isBegun && settledMs === 0) settledMs = performance.now() - begin;
  }, 10);
  const { code, err } = await site.start(['deploy', release]).ended;
  clearInterval(timer);
  if (code !== 0) complain(`the next deploy ended with ${code}: ${err}`);
  return Math.round(settledMs === 0 ? performance.now() - begin : settledMs);
}

/** @param {Site} site @param {Case} one @param {import('../switch/load.mjs').MayAnswer} mayAnswer */
async function startLoad({ origin, dir }, { deed }, mayAnswer) {
  const ledger = new Ledger();
  // Sockets of a process that is killed are cut: that is what a process is.
  const isCut = /^(idle|live|nginx-)/.test(deed);
  const sockets = isCut ? null : await openSockets(origin, PACE.sockets);
  const users = startUsers(origin, fixtureUsers(PACE, ledger), mayAnswer);
  return {
    async stop() {
      await users.stop();
      const heard = await sockets?.stop();
      const { requests, failed } = ledger.total();
      const { duplicated, executedButFailed, lost } = compare(ledger.writes.outcomes, executedWrites(dir));
      const cut = heard ? heard.lost + heard.doubled + heard.cuts + heard.refused : 0;
      return {
        requests: requests + (heard?.messages ?? 0),
        failed: failed + duplicated + executedButFailed + lost + cut,
        outageMs: Math.round(ledger.of('get').worstGapMs),
        failures: [...ledger.failures(), ...(heard?.failures ?? [])],
      };
    },
  };
}
