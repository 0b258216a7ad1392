// @ts-check
import { cpus } from 'node:os';
import { join } from 'node:path';
import { Problem, say } from '../lib/problem.mjs';
import { CASES, checkSameAnswers } from './cases.mjs';
import { crowd } from './crowd.mjs';
import { openLab } from './lab.mjs';
import { PEOPLE, measureN1 } from './n1.mjs';
import { USAGE, parseOptions } from './options.mjs';
import { enrol } from './people.mjs';
import { profile } from './profile.mjs';
import { rowsOf, tableOf } from './table.mjs';
import { loadOf } from './wrk.mjs';

/** Members who take turns, so that no cache is kept warm by one of them alone. */
const MEMBERS = 200;

const WARM_UP_S = 2;

/** @typedef {import('./options.mjs').Options} Options */
/** @typedef {import('./wrk.mjs').Speed} Speed */

/**
 * Measures and prints: a table, or JSON as the last line.
 *
 * @param {readonly string[]} argv
 * @returns {Promise<void>}
 * @throws {import('../lib/problem.mjs').Problem} when a request failed, or the servers answer differently
 */
export async function bench(argv) {
  const options = parseOptions(argv);
  if (options.help) return void process.stdout.write(`${USAGE}\n`);
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM']) process.once(name, () => stop.abort());
  const lab = await openLab();
  try {
    if (options.profile) return void process.stdout.write(`${await profile(lab, options, stop.signal)}\n`);
    if (options.crowd) return void process.stdout.write(`${await crowd(lab, options, stop.signal)}\n`);
    const rows = await measure(lab, options, stop.signal);
    process.stdout.write(`${options.json ? JSON.stringify(rows) : tableOf(rows)}\n`);
  } finally {
    await lab.close();
  }
}

/**
 * @param {import('./lab.mjs').Lab} lab
 * @param {Options} options
 * @param {AbortSignal} signal
 */
async function measure(lab, options, signal) {
  const { repeats, seconds, connections } = options;
  say(
    `Node ${process.version}, ${cpus().length} cores (load and database share them), ${connections} connections,`,
  );
  say(`medians of ${repeats} measurements of ${seconds} s each, interleaved.`);
  const [raw, api] = await Promise.all([lab.startRaw(), lab.startApi()]);
  const people = await enrol(api.origin, options.n1 ? PEOPLE : MEMBERS);
  const [first] = people;
  if (first !== undefined) await checkSameAnswers([raw.origin, api.origin], first);
  const rows = [];
  for (const { name, callsOf } of CASES) {
    const load = await loadOf(join(lab.dir, 'load.lua'), people.slice(0, MEMBERS).flatMap(callsOf));
    const once = (/** @type {string} */ origin, forS = seconds) => load(origin, forS, connections, signal);
    rows.push(...(await compare(name, [raw.origin, api.origin], repeats, once)));
  }
  if (options.n1) rows.push(...(await measureN1(lab, people, repeats, signal)));
  return rows;
}

/**
 * Warms both servers up, then measures them in turn: what disturbs the machine disturbs both.
 *
 * @param {string} name
 * @param {readonly [raw: string, api: string]} origins
 * @param {number} repeats
 * @param {(origin: string, seconds?: number) => Promise<Speed>} once
 */
async function compare(name, [raw, api], repeats, once) {
  /** @param {string} origin @param {number} [seconds] */
  const named = (origin, seconds) =>
    once(origin, seconds).catch((error) => {
      throw new Problem(`${origin === raw ? 'The raw server' : 'Our server'}, ${name}: ${error.message}`);
    });
  /** @type {{ raw: Speed[], api: Speed[] }} */
  const speeds = { raw: [], api: [] };
  for (const origin of [raw, api]) await named(origin, WARM_UP_S);
  for (let round = 1; round <= repeats; round += 1) {
    speeds.raw.push(await named(raw));
    speeds.api.push(await named(api));
    say(`${name}: ${round} of ${repeats}`);
  }
  return rowsOf(name, speeds.raw, speeds.api);
}
