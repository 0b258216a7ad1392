// @ts-check
import { parseArgs } from 'node:util';
import { Problem } from '../lib/problem.mjs';

export const USAGE = `npm run bench -- [options]

npm run bench -- records --help

Our API beside a bare node:http server with prepared statements: one process each, in one run, on a private MariaDB.

  --json             end with one line: a JSON array of {"name","rps","p99Ms","ratioToRaw"}
  --repeats <n>      measurements of each server, interleaved; medians are shown (5)
  --seconds <n>      length of one measurement (3)
  --connections <n>  keep-alive connections of the load (32)
  --n1               also 1,000 clients x 50 polls through nginx, with an upstream without keep-alive
  --crowd            instead: 1,000 clients poll as the web client does, for a minute: CPU share and p99
  --profile          instead: where the time of a poll goes, by function and by package`;

/**
 * @typedef {object} Options
 * @property {boolean} json
 * @property {boolean} n1
 * @property {boolean} crowd
 * @property {boolean} profile
 * @property {boolean} help
 * @property {number} repeats
 * @property {number} seconds of one measurement
 * @property {number} connections
 */

/**
 * @param {readonly string[]} argv
 * @returns {Options}
 * @throws {Problem} for an unknown option or a number that is none
 */
export function parseOptions(argv) {
  const { values } = parse(argv);
  return {
    json: values.json ?? false,
    n1: values.n1 ?? false,
    crowd: values.crowd ?? false,
    profile: values.profile ?? false,
    help: values.help ?? false,
    repeats: wholeNumber('repeats', values.repeats),
    seconds: wholeNumber('seconds', values.seconds),
    connections: wholeNumber('connections', values.connections),
  };
}

/** @param {readonly string[]} argv */
function parse(argv) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        json: { type: 'boolean' },
        n1: { type: 'boolean' },
        crowd: { type: 'boolean' },
        profile: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
        repeats: { type: 'string', default: '5' },
        seconds: { type: 'string', default: '3' },
        connections: { type: 'string', default: '32' },
      },
    });
  } catch (error) {
    throw new Problem(`${error instanceof Error ? error.message : error}\n\n${USAGE}`);
  }
}

/** @param {string} name @param {string} text */
function wholeNumber(name, text) {
  if (!/^[1-9]\d{0,4}$/.test(text)) throw new Problem(`--${name} must be a whole number from 1 to 99999`);
  return Number(text);
}
