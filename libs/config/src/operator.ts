import type { Environment } from './config';

/** Who stands behind a command: the account that runs it is often a machine's. First the pipelines, then a person. */
const NAMES = ['GITHUB_ACTOR', 'GITLAB_USER_LOGIN', 'SUDO_USER'] as const;

/** @returns the person who asked for a command, as far as the environment tells; null when it does not */
export function loadOperator(env: Environment = process.env): string | null {
  return NAMES.map((name) => env[name]?.trim()).find((value) => value !== undefined && value !== '') ?? null;
}
