import type { Environment } from './config';

/** What a person types in a checkout. */
export const DEPLOY_COMMAND = 'npm run deploy --';

/** Words and paths: it becomes part of messages, of JSON and of a script of the shell. */
const SAFE = /^[\w./-]+( [\w./-]+)*$/;

/** @returns what a person types here to run the deploy tool: on a server that is no npm script (DEPLOY_COMMAND) */
export function loadDeployCommand(env: Environment = process.env): string {
  const named = env['DEPLOY_COMMAND']?.trim() ?? '';
  return SAFE.test(named) ? named : DEPLOY_COMMAND;
}
