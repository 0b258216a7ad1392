// @ts-check

/**
 * One line of the result, in the form of `--json`.
 *
 * @typedef {{ name: string, rps: number, p99Ms: number, ratioToRaw: number }} Row
 */

/** @typedef {import('./wrk.mjs').Speed} Speed */

/** @param {readonly number[]} values at least one */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}

/**
 * @param {string} name of the case
 * @param {readonly Speed[]} raw
 * @param {readonly Speed[]} ours
 * @returns {Row[]} medians: the raw server's row, then ours
 */
export function rowsOf(name, raw, ours) {
  const limit = median(raw.map(({ rps }) => rps));
  return [rowOf(`raw: ${name}`, raw, limit), rowOf(name, ours, limit)];
}

/** @param {string} name @param {readonly Speed[]} speeds @param {number} limit @returns {Row} */
function rowOf(name, speeds, limit) {
  const rps = median(speeds.map((speed) => speed.rps));
  const p99Ms = median(speeds.map((speed) => speed.p99Ms));
  return { name, rps: round(rps, 0), p99Ms: round(p99Ms, 2), ratioToRaw: round(rps / limit, 3) };
}

/** @param {number} value @param {number} digits */
const round = (value, digits) => Number(value.toFixed(digits));

/** @param {readonly Row[]} rows @returns {string} for people */
export function tableOf(rows) {
  const cells = rows.map(({ name, rps, p99Ms, ratioToRaw }) => [
    name,
    rps.toLocaleString('en'),
    p99Ms.toFixed(2),
    ratioToRaw.toFixed(2),
  ]);
  return align([['', 'requests/s', 'p99 ms', 'of raw'], ...cells]);
}

/** @param {readonly (readonly string[])[]} lines @returns {string} the first column to the left, numbers to the right */
export function align(lines) {
  const widths = (lines[0] ?? []).map((_, n) => Math.max(...lines.map((line) => line[n]?.length ?? 0)));
  const pad = (/** @type {string} */ cell, /** @type {number} */ n) =>
    n === 0 ? cell.padEnd(widths[n] ?? 0) : cell.padStart(widths[n] ?? 0);
  return lines.map((line) => line.map(pad).join('  ').trimEnd()).join('\n');
}
