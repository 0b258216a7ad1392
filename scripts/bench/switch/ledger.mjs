// @ts-check
import { emptyTally } from './load.mjs';
import { WriteLog } from './people.mjs';

/** @typedef {import('./load.mjs').Tally} Tally */

/** With no failure in n tries the rate is below 3/n, in 95 of 100 such campaigns. */
const RULE_OF_THREE = 3;

/**
 * What one load class has seen.
 *
 * @typedef {object} ClassCount
 * @property {string} name
 * @property {number} requests
 * @property {number} failed
 * @property {number | null} bound95 upper bound of the failure rate; null when something failed: then the rate is known
 * @property {number} worstGapMs
 */

/** Keeps the count of each load class apart, and what became of each write. */
export class Ledger {
  /** @type {Map<string, Tally>} */
  #tallies = new Map();
  writes = new WriteLog();

  /** @param {string} name of a load class @returns {Tally} */
  of(name) {
    const known = this.#tallies.get(name) ?? emptyTally();
    this.#tallies.set(name, known);
    return known;
  }

  /** @returns {ClassCount[]} */
  classes() {
    return [...this.#tallies].map(([name, { requests, failed, worstGapMs }]) => ({
      name,
      requests,
      failed,
      bound95: failed === 0 && requests > 0 ? RULE_OF_THREE / requests : null,
      worstGapMs: Math.round(worstGapMs),
    }));
  }

  /** All classes together. */
  total() {
    const all = this.classes();
    /** @param {(count: ClassCount) => number} pick */
    const sum = (pick) => all.reduce((total, count) => total + pick(count), 0);
    return {
      requests: sum(({ requests }) => requests),
      failed: sum(({ failed }) => failed),
      worstGapMs: Math.max(0, ...all.map(({ worstGapMs }) => worstGapMs)),
    };
  }

  /** @returns {string[]} the first failures of each class, in words */
  failures() {
    return [...this.#tallies].flatMap(([name, { failures }]) => failures.map((text) => `${name}: ${text}`));
  }
}
