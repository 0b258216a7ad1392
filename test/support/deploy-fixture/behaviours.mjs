// @ts-check

/** Behaviours with a value: `dies-after=2`. Any other word before a `=` is a release. */
const VALUED = new Set(['dies-after']);

/**
 * Reads what the fixture shall do wrong: a list by comma, each optionally for one release alone.
 * `wrong-release`, `dies-after=2`, `r2=never-listens`, `r2=dies-after=2`.
 *
 * @param {string} text
 * @param {string} release this process's own
 * @returns {ReadonlyMap<string, string>} name and value; the value is empty where none is needed
 */
export function readBehaviours(text, release) {
  const mine = text
    .split(',')
    .map((word) => word.split('='))
    .flatMap(([first = '', ...rest]) => {
      if (rest.length === 0 || VALUED.has(first)) return [[first, ...rest]];
      return first === release ? [rest] : [];
    });
  return new Map(mine.map(([name = '', value = '']) => [name, value]));
}
