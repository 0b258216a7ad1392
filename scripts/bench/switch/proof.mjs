// @ts-check
import { say } from '../../lib/problem.mjs';
import { Ledger } from './ledger.mjs';
import { fail, startUsers } from './load.mjs';
import { followVerification, releaseWatch } from './releases.mjs';
import { openSockets, worstSecond } from './sockets.mjs';
import { startSteady } from './steady.mjs';

/**
 * What was counted while a site was switched again and again.
 *
 * @typedef {object} Counted
 * @property {number} switches
 * @property {number} requests of all classes; each message on a socket counts as one
 * @property {number} failed
 * @property {number} duplicated writes that were executed more than once
 * @property {number} executedButFailed writes that were executed although their client saw a failure
 * @property {number} socketMessagesLost
 * @property {number} worstGapMs
 * @property {import('./ledger.mjs').ClassCount[]} classes
 * @property {import('./steady.mjs').SteadyCount} steady
 * @property {SocketCount | null} sockets
 * @property {readonly string[]} failures the first ones, in words
 */

/** @typedef {Omit<import('./sockets.mjs').SocketTally, 'closedAtMs' | 'failures'> & { worstSecond: number }} SocketCount worstSecond: how many were let go within one */

/**
 * @typedef {object} Place something that can be switched
 * @property {string} origin
 * @property {string} first the release that serves at the beginning
 * @property {(release: string, onVerified: () => void) => Promise<void>} change makes another release serve; tells when
 *   nobody else may answer any more
 */

/**
 * @typedef {object} People who uses a place, and what became of their writes
 * @property {(ledger: Ledger) => readonly import('./load.mjs').User[]} users
 * @property {(outcomes: ReadonlyMap<string, 'answered' | 'failed'>) => Promise<import('./audit.mjs').Verdict>} compare
 * @property {number} sockets websockets; 0 where the service has none that the harness speaks
 * @property {number} perSecond of the constant rate
 * @property {() => Promise<void>} [close]
 */

const STEADY_PATH = '/api/v2/time';

/**
 * Puts everybody on a site, switches it, and counts what went wrong.
 *
 * @param {Place} place
 * @param {People} people
 * @param {{ switches: number, label: string }} options
 * @returns {Promise<Counted>}
 */
export async function countSwitches(place, people, { switches, label }) {
  const ledger = new Ledger();
  const releases = releaseWatch(place.first);
  const load = await startAll(place.origin, people, { ledger, mayAnswer: releases.mayAnswer });
  try {
    for (let number = 1; number <= switches; number += 1) {
      const release = `${label}-${number}`;
      releases.begin(release);
      await place.change(release, () => releases.end(release));
      releases.end(release);
      tell({ label, number, switches }, ledger);
    }
  } catch (error) {
    await load.stop();
    throw error;
  }
  const { steady, sockets } = await load.stop();
  const { duplicated, executedButFailed, lost } = await people.compare(ledger.writes.outcomes);
  for (let left = lost; left > 0; left -= 1) fail(ledger.of('post'), 'a write was answered and not executed');
  return {
    switches,
    ...ledger.total(),
    duplicated,
    executedButFailed,
    socketMessagesLost: sockets?.lost ?? 0,
    classes: ledger.classes(),
    steady,
    sockets,
    failures: ledger.failures(),
  };
}

/**
 * @param {string} origin
 * @param {People} people
 * @param {{ ledger: Ledger, mayAnswer: import('./load.mjs').MayAnswer }} context
 */
async function startAll(origin, people, { ledger, mayAnswer }) {
  const { perSecond } = people;
  const sockets =
    people.sockets > 0 ? await openSockets(origin, people.sockets, paceOf(people.sockets)) : null;
  const crowd = startUsers(origin, people.users(ledger), mayAnswer);
  const tally = ledger.of('steady');
  const steady = startSteady(origin, { path: STEADY_PATH, perSecond, tally, mayAnswer });
  return {
    async stop() {
      await crowd.stop();
      const heard = (await sockets?.stop()) ?? null;
      if (heard) enter(ledger, heard);
      return { steady: await steady.stop(), sockets: heard && countOf(heard) };
    },
  };
}

/** However many they are, they have about 1,000 messages a second: more would measure the machine. */
function paceOf(/** @type {number} */ sockets) {
  return { everyMs: Math.max(200, sockets), echoEveryMs: Math.max(500, 2 * sockets) };
}

/**
 * A message that came, or should have, is what a request is to the others. A socket that is let go and asked to come
 * back has not failed; one that is cut has.
 *
 * @param {Ledger} ledger
 * @param {import('./sockets.mjs').SocketTally} sockets
 */
function enter(ledger, { messages, echoes, lost, doubled, cuts, refused, worstGapMs, failures }) {
  const tally = ledger.of('socket');
  tally.requests = messages + echoes + lost;
  tally.failed = lost + doubled + cuts + refused;
  tally.worstGapMs = worstGapMs;
  tally.failures.push(...failures);
}

/** @param {import('./sockets.mjs').SocketTally} tally @returns {SocketCount} */
function countOf({ closedAtMs, failures: _failures, ...counts }) {
  return { ...counts, worstSecond: worstSecond(closedAtMs) };
}

/** @param {{ label: string, number: number, switches: number }} progress @param {Ledger} ledger */
function tell({ label, number, switches }, ledger) {
  const step = Math.ceil(switches / (switches > 50 ? 20 : 4));
  if (number % step !== 0 && number !== switches) return;
  const { requests, failed } = ledger.total();
  say(`  ${label}: ${number} of ${switches} switches, ${requests} requests, ${failed} failed`);
}

/**
 * A site whose releases come by the deployer.
 *
 * @param {import('./site.mjs').Site} site
 * @returns {Promise<Place & { deploys: import('./site.mjs').Deployed[] }>} deploys: as the deployer's receipts say
 */
export async function deployedPlace(site) {
  const first = 'r-0';
  await site.deploy(first);
  /** @type {import('./site.mjs').Deployed[]} */
  const deploys = [];
  return {
    origin: site.origin,
    first,
    deploys,
    async change(release, onVerified) {
      const stop = followVerification(site.dir, release, onVerified);
      deploys.push(await site.deploy(release).finally(stop));
    },
  };
}
