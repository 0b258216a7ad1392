// @ts-check

/** What the project allows itself at most. The lint and `test/lint` read the limits here and nowhere else. */
export const BUDGETS = Object.freeze({
  /** Lines of one file, blank lines and comments included. */
  fileLines: 250,
  /** Lines of one function, from its parameters to its closing brace; decorators are not counted. */
  functionLines: 40,
  /** Packages under `dependencies` in package.json. */
  runtimeDependencies: 40,
});

/**
 * @param {{ dependencies?: Readonly<Record<string, string>> }} manifest a parsed package.json
 * @returns {string[]} what is over the budget; empty when nothing is
 */
export function manifestProblems({ dependencies = {} }) {
  const count = Object.keys(dependencies).length;
  const limit = BUDGETS.runtimeDependencies;
  return count > limit
    ? [`package.json has ${count} runtime dependencies, at most ${limit} are allowed`]
    : [];
}

/**
 * Addresses of a registry must not be in the lock file: a clone elsewhere would ask that registry.
 *
 * @param {{ packages?: Readonly<Record<string, { resolved?: string, link?: boolean }>> }} lock a parsed package-lock.json
 * @returns {string[]} one line for each package with an address; empty when there is none
 */
export function lockProblems({ packages = {} }) {
  return Object.entries(packages)
    .filter(([, entry]) => entry.resolved !== undefined && entry.link !== true)
    .map(([name]) => `package-lock.json has an address for ${name}`);
}
