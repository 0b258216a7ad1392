// @ts-check
import { spawn } from 'node:child_process';
import { ROOT } from './paths.mjs';
import { Problem } from './problem.mjs';

const SHOWN_LINES = 40;

/**
 * @typedef {object} RunOptions
 * @property {string} [cwd] the checkout by default
 * @property {NodeJS.ProcessEnv} [env] the whole environment; this process's own by default
 * @property {'quiet' | 'stream'} [output] quiet: kept, shown only when it fails; stream: goes to stderr as it comes
 * @property {AbortSignal} [signal] ends the command
 */

/**
 * Runs a command to its end.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<string>} what it wrote on stdout and stderr, when quiet
 * @throws {Problem} with its last lines when it cannot start or ends with anything but 0
 */
export function run(command, args, { cwd = ROOT, env = process.env, output = 'quiet', signal } = {}) {
  return new Promise((resolve, reject) => {
    // A stream of both goes to stderr (2): stdout belongs to the result of the script that runs it.
    const sink = output === 'stream' ? 2 : 'pipe';
    const child = spawn(command, args, { cwd, env, signal, stdio: ['ignore', sink, sink] });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (text += chunk));
    const shown = [command, ...args].join(' ');
    child.once('error', (error) => {
      if (error.name === 'AbortError') reject(error);
      else reject(new Problem(`Cannot run ${shown}: ${error.message}`));
    });
    child.once('close', (code, killedBy) => {
      if (code === 0) return resolve(text);
      const tail = text.trimEnd().split('\n').slice(-SHOWN_LINES).join('\n');
      reject(
        new Problem(`${shown} ended with ${killedBy ?? `code ${code}`}.${tail === '' ? '' : `\n${tail}`}`),
      );
    });
  });
}
