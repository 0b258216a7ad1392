// @ts-check
import { mkdtempSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Problem, say } from '../../lib/problem.mjs';
import { listenForStop } from '../../lib/signals.mjs';
import { CONTROLS } from './controls.mjs';
import { SETTINGS, prepareFixture } from './fixture-site.mjs';
import { openHaproxy } from './haproxy.mjs';
import { machine } from './machine.mjs';
import { hardPace, paceFor } from './pace.mjs';
import { peopleOfApi, peopleOfFixture } from './people-of.mjs';
import { openPm2, openPm2Alone } from './pm2.mjs';
import { countSwitches, deployedPlace } from './proof.mjs';
import { openSite, prepareApi } from './site.mjs';
import { timesOf } from './times.mjs';

/**
 * @typedef {object} BenchOptions
 * @property {'socket' | 'reload'} strategy
 * @property {'fixture' | 'api'} service
 * @property {number} switches
 * @property {number} pm2 reloads of pm2; 0: none
 * @property {number} haproxy switches of HAProxy; 0: none
 * @property {number} controls switches of each positive control; 0: none
 * @property {number | undefined} sockets
 */

/** @typedef {import('./proof.mjs').Counted} Counted */
/** @typedef {{ name: string } & Omit<Counted, 'sockets' | 'socketMessagesLost' | 'worstGapMs'>} Other */
/** @typedef {(dir: string, env: NodeJS.ProcessEnv) => Promise<import('./controls.mjs').OpenPlace>} Open */

/**
 * Measures the deployer, what must fail, and the other tools, one after the other on the same machine.
 *
 * @param {BenchOptions} options
 */
export async function bench(options) {
  const stop = listenForStop();
  const stopped = stop.wished.then((name) => {
    throw new Problem(`Stopped by ${name}; clearing away.`, 128 + constants.signals[name]);
  });
  /** @type {Until} */
  const until = (work) => Promise.race([work, stopped]);
  const pace = paceFor(options.switches, options.sockets);
  const own = await measureDeployer(options, pace, until);
  /** @type {Other[]} */
  const controls = [];
  for (const name of options.controls > 0 ? Object.keys(CONTROLS) : []) {
    const open = /** @type {Open} */ (CONTROLS[name]);
    controls.push(await measureOther(name, open, { switches: options.controls, pace: hardPace(), until }));
  }
  /** @type {Other[]} */
  const peers = [];
  for (const { name, open, switches } of peersOf(options)) {
    peers.push(await measureOther(name, open, { switches, pace, until }));
  }
  const { strategy, service } = options;
  return { strategy, service, ...own, controls, peers, pace, settings: SETTINGS, machine: await machine() };
}

/** @param {BenchOptions} options @returns {{ name: string, open: Open, switches: number }[]} */
function peersOf({ pm2, haproxy }) {
  return [
    { name: 'pm2 reload', open: openPm2Alone, switches: pm2 },
    { name: 'pm2 reload behind nginx', open: openPm2, switches: pm2 },
    { name: 'haproxy', open: openHaproxy, switches: haproxy },
  ].filter(({ switches }) => switches > 0);
}

/** @typedef {<T>(work: Promise<T>) => Promise<T>} Until gives up when a person wants to stop */

/**
 * @param {BenchOptions} options
 * @param {import('./pace.mjs').Pace} pace
 * @param {Until} until
 */
async function measureDeployer({ service, switches, strategy }, pace, until) {
  const site = await openSite(
    service === 'api' ? (dir) => prepareApi(dir, SETTINGS) : prepareFixture,
    strategy,
  );
  const measure = async () => {
    const place = await deployedPlace(site);
    say(`${site.origin}: ${service}, strategy ${strategy}, ${switches} switches.`);
    const people = service === 'api' ? await peopleOfApi(site, pace) : peopleOfFixture(site.dir, pace);
    const counted = await countSwitches(place, people, { switches, label: strategy });
    await people.close?.();
    return { ...counted, deploys: timesOf(place.deploys) };
  };
  try {
    return await until(measure());
  } catch (error) {
    const more = site.diagnose();
    if (more !== '') say(more);
    throw error;
  } finally {
    await site.close();
  }
}

/**
 * @param {string} name
 * @param {Open} open
 * @param {{ switches: number, pace: import('./pace.mjs').Pace, until: Until }} options
 * @returns {Promise<Other>}
 */
async function measureOther(name, open, { switches, pace, until }) {
  const dir = mkdtempSync(join(process.env.HARU_TEST_FOLDER ?? tmpdir(), 'haru-other-'));
  try {
    const { env } = await prepareFixture(dir);
    const place = await open(dir, env);
    const work = countSwitches(place, peopleOfFixture(dir, pace), { switches, label: 'other' });
    const { requests, failed, duplicated, executedButFailed, classes, steady, failures } = await until(
      work,
    ).finally(place.close);
    say(`  ${name}: ${failed} of ${requests} requests failed in ${switches} switches`);
    const counts = { requests, failed, duplicated, executedButFailed };
    return { name, switches, ...counts, classes, steady, failures: failures.slice(0, 3) };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
