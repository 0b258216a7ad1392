// @ts-check
import { constants } from 'node:os';
import { Problem, say } from '../../lib/problem.mjs';
import { listenForStop } from '../../lib/signals.mjs';
import { openAudit } from './audit.mjs';
import { switchCarelessly } from './careless.mjs';
import { startLoad } from './load.mjs';
import { WriteLog, makeCrowd } from './people.mjs';
import { releaseWatch } from './releases.mjs';
import { openSite } from './site.mjs';
import { STEP_COUNT, walkThroughStudy } from './walk.mjs';

/**
 * @typedef {object} CampaignOptions
 * @property {number} switches
 * @property {number} clients keep-alive clients; half of them read, half write
 * @property {number} thinkMs average pause of a client between an answer and its next request
 * @property {boolean} careless the positive control: SIGTERM right after the switch
 */

/**
 * @typedef {object} CampaignReceipt
 * @property {'socket'} strategy
 * @property {number} switches
 * @property {number} requests
 * @property {number} failed requests, and whatever else the product did wrong: a lost write, a wrong step
 * @property {number} duplicated
 * @property {number} executedButFailed
 * @property {number} worstGapMs
 */

/**
 * Puts a crowd on a site, switches it again and again, and counts what went wrong: at the clients and in the database.
 *
 * @param {CampaignOptions} options
 * @returns {Promise<{ receipt: CampaignReceipt, failures: readonly string[] }>}
 */
export async function runCampaign(options) {
  const stop = listenForStop();
  const stopped = stop.wished.then((name) => {
    throw new Problem(`Stopped by ${name}; clearing away.`, 128 + constants.signals[name]);
  });
  const site = await openSite();
  try {
    return await Promise.race([measure(site, options), stopped]);
  } catch (error) {
    const more = site.diagnose();
    if (more !== '') say(more);
    throw error;
  } finally {
    await site.close();
  }
}

/** @param {import('./site.mjs').Site} site @param {CampaignOptions} options */
async function measure(site, options) {
  const { switches, clients } = options;
  await site.deploy('demo-0');
  say(`${site.origin}: blue (demo-0) is live.`);
  const audit = await openAudit(site.databaseUrl);
  await audit.prove(site.origin);
  const log = new WriteLog();
  const crowd = await makeCrowd(site.origin, clients, log);
  say(
    `${clients} keep-alive clients read and write; one person studies 2 cycles through ${switches} switches.`,
  );
  const { requests, failed, failures, worstGapMs } = await switchUnderLoad(site, crowd, options);
  const { duplicated, executedButFailed, lost } = await audit.compare(log.outcomes);
  await audit.close();
  const worst = Math.round(worstGapMs);
  const strategy = /** @type {const} */ ('socket');
  const counts = { requests, failed: failed + lost, duplicated, executedButFailed, worstGapMs: worst };
  const notes = lost > 0 ? [`${lost} writes were answered and are not in the database`] : [];
  return { receipt: { strategy, switches, ...counts }, failures: [...failures, ...notes] };
}

/**
 * @param {import('./site.mjs').Site} site
 * @param {readonly import('./load.mjs').Client[]} crowd
 * @param {CampaignOptions} options
 * @returns {Promise<import('./load.mjs').Tally>}
 */
async function switchUnderLoad(site, crowd, { switches, thinkMs, careless }) {
  const releases = releaseWatch('demo-0');
  const load = startLoad(site.origin, crowd, { thinkMs, mayAnswer: releases.mayAnswer });
  const next = switcher(site, careless ? switchCarelessly : deployCarefully, releases);
  try {
    await walkThroughStudy(site.origin, load.tally, async (step, index) => {
      for (let left = shareOf(switches, index); left > 0; left -= 1) await next(step);
    });
  } finally {
    await load.stop();
  }
  return load.tally;
}

/** @typedef {(site: import('./site.mjs').Site, release: string) => Promise<void>} Switch */

/** @type {Switch} */
async function deployCarefully(site, release) {
  const { durationMs, steps } = await site.deploy(release);
  const ms = (/** @type {string} */ name) => steps.find(({ step }) => step === name)?.ms ?? 0;
  say(`  ${release} in ${(durationMs / 1_000).toFixed(1)} s (the switch itself: ${ms('switch')} ms)`);
}

/**
 * @param {import('./site.mjs').Site} site
 * @param {Switch} change
 * @param {import('./releases.mjs').ReleaseWatch} releases
 */
function switcher(site, change, releases) {
  let number = 0;
  return async (/** @type {string} */ step) => {
    const release = `demo-${(number += 1)}`;
    say(`In step ${step}: switching to ${number % 2 === 1 ? 'green' : 'blue'} (${release}).`);
    releases.begin(release);
    await change(site, release);
    releases.end(release);
  };
}

/** The switches are spread evenly over the steps of the study, the first steps getting the rest. */
export function shareOf(/** @type {number} */ switches, /** @type {number} */ index) {
  return Math.floor(switches / STEP_COUNT) + (index < switches % STEP_COUNT ? 1 : 0);
}
