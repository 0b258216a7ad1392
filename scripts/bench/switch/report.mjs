// @ts-check

/** @typedef {Awaited<ReturnType<typeof import('./bench.mjs').bench>>} Report */

/**
 * What is wrong: with the deployer, or with the harness itself.
 *
 * @param {Pick<Report, 'failed' | 'duplicated' | 'executedButFailed' | 'socketMessagesLost'> & { controls: readonly { name: string, failed: number }[] }} report
 * @returns {string[]} empty when nothing is
 */
export function problemsOf({ failed, duplicated, executedButFailed, socketMessagesLost, controls }) {
  const lost = failed + duplicated + executedButFailed + socketMessagesLost;
  return [
    ...(lost > 0 ? ['The deployer has lost something.'] : []),
    ...controls
      .filter((control) => control.failed === 0)
      .map(({ name }) => `The harness is broken: it found nothing wrong with the control ${name}.`),
  ];
}

/** What is promised with the settings as they come: a good release is live within this time, a bad one is refused. */
const LIVE_WITHIN_MS = 15_000;
const REFUSED_WITHIN_MS = 30_000;

/**
 * @param {{ liveMs: { max: number }, refusalMs: number }} times
 * @returns {string[]} what took longer than is promised
 */
export function lateness({ liveMs, refusalMs }) {
  return [
    ...(liveMs.max < LIVE_WITHIN_MS
      ? []
      : [`A good release was live after ${liveMs.max} ms, not within ${LIVE_WITHIN_MS}.`]),
    ...(refusalMs < REFUSED_WITHIN_MS
      ? []
      : [`A release that never listens was refused after ${refusalMs} ms, not within ${REFUSED_WITHIN_MS}.`]),
  ];
}

/** @param {Report} report @returns {string} for a person */
export function describe(report) {
  const { deploys, steady, machine, settings } = report;
  const ms = (/** @type {{ median: number, p95: number, max: number }} */ { median, p95, max }) =>
    `median ${median}, p95 ${p95}, max ${max} ms`;
  return [
    '',
    `${report.switches} switches of the ${report.service}, strategy ${report.strategy}:`,
    `  requests ${report.requests}, failed ${report.failed}, executed twice ${report.duplicated}, executed and seen as ` +
      `failed ${report.executedButFailed}, socket messages lost ${report.socketMessagesLost}, worst gap ${report.worstGapMs} ms`,
    ...report.classes.map(line),
    `  constant rate ${steady.perSecond}/s, latency from the intended time: p50 ${steady.p50Ms}, p99 ${steady.p99Ms}, ` +
      `max ${steady.maxMs} ms`,
    `  a deploy: ${ms(deploys.wholeMs)}; its switch: ${ms(deploys.switchMs)}; its drain: ${ms(deploys.drainMs)}`,
    ...report.controls.map((one) => `  must fail: ${other(one)}`),
    ...report.peers.map((one) => `  beside it: ${other(one)}`),
    `  settings ${JSON.stringify(settings)}`,
    `  load ${JSON.stringify(report.pace)}`,
    `  machine ${JSON.stringify(machine)}`,
  ].join('\n');
}

/** @param {import('./ledger.mjs').ClassCount} count */
function line({ name, requests, failed, bound95, worstGapMs }) {
  const bound = bound95 === null ? '' : `, rate below ${(bound95 * 100).toPrecision(2)} % (95 %)`;
  return `    ${name.padEnd(7)} ${String(requests).padStart(8)} requests, ${failed} failed${bound}, worst gap ${worstGapMs} ms`;
}

/** @param {import('./bench.mjs').Other} other */
function other({ name, switches, requests, failed, duplicated, executedButFailed }) {
  const more =
    duplicated + executedButFailed > 0 ? `, ${duplicated} twice, ${executedButFailed} seen as failed` : '';
  return `${name}, ${switches} switches: ${failed} of ${requests} requests failed${more}`;
}
