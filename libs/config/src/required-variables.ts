import type { Environment } from './config';

/** @returns those of the names that the environment does not have, or has empty */
export function missingVariables(
  names: readonly string[],
  env: Environment = process.env,
): readonly string[] {
  return names.filter((name) => (env[name] ?? '') === '');
}
