import type { Environment } from './config';

/** @returns whether the terminal, if it is one, cannot go back on a line (an editor's shell, some pipelines) */
export function isDumbTerminal(env: Environment = process.env): boolean {
  return env['TERM'] === 'dumb';
}
