// @ts-check
import { constants } from 'node:os';
import { Problem, say } from '../../lib/problem.mjs';
import { listenForStop } from '../../lib/signals.mjs';
import { prepareFixture } from '../switch/fixture-site.mjs';
import { machine } from '../switch/machine.mjs';
import { openSite } from '../switch/site.mjs';
import { runCase } from './case.mjs';
import { allCases, chosen, shortCases } from './cases.mjs';
import { kill, nginxOf } from './world.mjs';

/** So that there are points around every kind of step. */
const MORE_STEPS = { smoke: { commands: ['true'] }, hooks: { 'pre-switch': 'true', 'post-switch': 'true' } };

/**
 * Goes through the cases, one after the other, on one site: each begins where the one before has ended.
 *
 * @param {{ words: readonly string[], short: boolean }} options words: parts of the names of the cases; all by default
 */
export async function chaos({ words, short }) {
  const stop = listenForStop();
  const stopped = stop.wished.then((name) => {
    throw new Problem(`Stopped by ${name}; clearing away.`, 128 + constants.signals[name]);
  });
  const site = await openSite(async (dir) => {
    const recipe = await prepareFixture(dir);
    return { ...recipe, settings: { ...recipe.settings, ...MORE_STEPS } };
  });
  try {
    return {
      ...(await Promise.race([goThrough(site, { words, short }), stopped])),
      machine: await machine(),
    };
  } finally {
    const orphans = nginxOf(site);
    if (orphans.master === undefined) await kill(orphans.workers);
    await site.close();
  }
}

/** @param {import('../switch/site.mjs').Site} site @param {{ words: readonly string[], short: boolean }} options */
async function goThrough(site, { words, short }) {
  let serves = 'r-0';
  await site.deploy(serves);
  const steps = await stepsOf(site);
  const cases = chosen(short ? shortCases(steps) : allCases(steps), words);
  if (cases.length === 0) throw new Problem(`No case is called like ${words.join(' or ')}.`, 2);
  say(`${site.origin}: ${cases.length} cases, steps ${steps.join(', ')}.`);
  /** @type {import('./case.mjs').Outcome[]} */
  const outcomes = [];
  for (const [index, one] of cases.entries()) {
    const result = await runCase(site, one, { before: serves, number: index + 1 });
    serves = await haveMaster(site, result.serves);
    outcomes.push(result.outcome);
    tell(result.outcome, index + 1, cases.length);
  }
  return summary(outcomes);
}

/**
 * Workers whose master has died serve on. The next case begins with a whole nginx.
 *
 * @param {import('../switch/site.mjs').Site} site
 * @param {string} serves
 * @returns {Promise<string>} the release that serves
 */
async function haveMaster(site, serves) {
  const { master, workers } = nginxOf(site);
  if (master !== undefined) return serves;
  await kill(workers);
  const release = `${serves}-anew`;
  await site.deploy(release);
  return release;
}

/** @param {import('../switch/site.mjs').Site} site @returns {Promise<string[]>} what a deploy does */
async function stepsOf(site) {
  site.addRelease('r-1');
  const { out, err } = await site.start(['plan', 'r-1']).ended;
  if (out === '') throw new Problem(`The plan cannot be had: ${err}`);
  /** @type {{ kind: string }[]} */
  const actions = JSON.parse(out).result.actions;
  return [...new Set(actions.map(({ kind }) => kind))];
}

/** @param {readonly import('./case.mjs').Outcome[]} outcomes */
export function summary(outcomes) {
  const lossless = outcomes.filter(({ loss }) => loss === 'none');
  const lossy = outcomes.filter(({ loss }) => loss !== 'none');
  return {
    cases: outcomes.length,
    recovered: outcomes.filter(({ problems }) => problems.length === 0).length,
    failedRequests: lossless.reduce((sum, { failed }) => sum + failed, 0),
    worstRecoveryMs: Math.max(0, ...outcomes.map(({ recoveryMs }) => recoveryMs)),
    outages: lossy.map(({ case: name, failed, outageMs }) => ({ case: name, failed, ms: outageMs })),
    outcomes,
  };
}

/** @param {import('./case.mjs').Outcome} outcome @param {number} number @param {number} of */
function tell({ case: name, failed, requests, outageMs, recoveryMs, code, problems }, number, of) {
  const gap = failed > 0 ? `, nobody served for ${outageMs} ms` : '';
  say(
    `  ${number}/${of} ${name}: exit code ${code ?? 'none'}, ${failed} of ${requests} requests failed${gap}, ` +
      `settled ${recoveryMs} ms after the next command began`,
  );
  for (const problem of problems) say(`    PROBLEM ${problem.trimEnd()}`);
}
