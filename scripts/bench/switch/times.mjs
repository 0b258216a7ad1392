// @ts-check

/** @typedef {import('./site.mjs').Deployed} Deployed */

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

/** @param {readonly number[]} values */
export function spread(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (/** @type {number} */ share) => sorted[Math.floor((sorted.length - 1) * share)] ?? 0;
  return { median: at(0.5), p95: at(0.95), max: at(1) };
}
