// @ts-check
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Problem, say } from '../../lib/problem.mjs';
import { prepareFixture } from './fixture-site.mjs';
import { machine } from './machine.mjs';
import { followVerification } from './releases.mjs';
import { openSite, prepareApi } from './site.mjs';

/** @typedef {import('./site.mjs').Deployed} Deployed */
/** @typedef {import('./site.mjs').Site} Site */

const GOOD_DEPLOYS = 5;
const UNHEALTHY = 4;

/**
 * How long deploys took, from the command to its end, and the step that moves the traffic. In ms.
 *
 * @param {readonly Deployed[]} deploys
 */
export function timesOf(deploys) {
  const step = (/** @type {Deployed} */ { steps }, /** @type {string} */ name) =>
    steps.find((one) => one.step === name)?.ms ?? 0;
  return {
    wholeMs: spread(deploys.map(({ durationMs }) => durationMs)),
    switchMs: spread(deploys.map((one) => step(one, 'switch'))),
    drainMs: spread(deploys.map((one) => step(one, 'drain'))),
    /** what the deployer's own prober has lost in all */
    probeFailed: deploys.reduce((sum, { probe }) => sum + (probe?.failed ?? 0), 0),
  };
}

/**
 * How long people wait, with the settings as they come: from the command until a good release is live (verified), and
 * until one that never listens is refused.
 *
 * @param {'fixture' | 'api'} service
 */
export async function measureTimes(service) {
  const site = await openSite(async (dir) => {
    const recipe = await (service === 'api' ? prepareApi(dir) : prepareFixture(dir));
    const own = recipe.settings.service;
    return { ...recipe, settings: { health: {}, ...(own && { service: own }) } };
  });
  try {
    await site.deploy('r-0');
    /** @type {{ liveMs: number, endMs: number }[]} */
    const good = [];
    for (let number = 1; number <= GOOD_DEPLOYS; number += 1)
      good.push(await timeToLive(site, `r-${number}`));
    const refusalMs = await timeToRefusal(site, service);
    return {
      service,
      settings: 'as they come',
      liveMs: spread(good.map(({ liveMs }) => liveMs)),
      endMs: spread(good.map(({ endMs }) => endMs)),
      refusalMs,
      machine: await machine(),
    };
  } finally {
    await site.close();
  }
}

/** @param {Site} site @param {string} release */
async function timeToLive(site, release) {
  const begin = performance.now();
  let liveMs = 0;
  const stop = followVerification(site.dir, release, () => (liveMs = Math.round(performance.now() - begin)));
  await site.deploy(release).finally(stop);
  const endMs = Math.round(performance.now() - begin);
  say(`  ${release} is live after ${liveMs} ms; the command ends after ${endMs} ms`);
  return { liveMs: liveMs === 0 ? endMs : liveMs, endMs };
}

/** @param {Site} site @param {'fixture' | 'api'} service */
async function timeToRefusal(site, service) {
  const entry = service === 'api' ? 'dist/apps/api/src/main.js' : 'service/service.mjs';
  const path = join(site.dir, 'releases/never-listens', entry);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, 'setInterval(() => {}, 60_000);\n');
  const begin = performance.now();
  const { code, err } = await site.start(['deploy', 'never-listens']).ended;
  const refusalMs = Math.round(performance.now() - begin);
  if (code !== UNHEALTHY) throw new Problem(`A release that never listens ended with ${code}: ${err}`);
  say(`  a release that never listens is refused after ${refusalMs} ms`);
  return refusalMs;
}

/** @param {readonly number[]} values */
export function spread(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (/** @type {number} */ share) => sorted[Math.floor((sorted.length - 1) * share)] ?? 0;
  return { median: at(0.5), p95: at(0.95), max: at(1) };
}
