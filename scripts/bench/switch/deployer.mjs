// @ts-check
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { Problem } from '../../lib/problem.mjs';
import { identityOf } from '../../lib/processes.mjs';

/**
 * How a command of the deployer ended.
 *
 * @typedef {object} Ended
 * @property {number | null} code null when a signal ended it
 * @property {NodeJS.Signals | null} signal
 * @property {string} out
 * @property {string} err
 */

/** @typedef {{ identity: import('../../lib/processes.mjs').Identity | undefined, ended: Promise<Ended> }} Command */

/**
 * Runs the commands of the real deployer, as a person would.
 *
 * @param {{ tool: string, config: string, env: NodeJS.ProcessEnv }} options tool: folder of the deployer
 */
export function makeDeployer({ tool, config, env }) {
  const program = join(tool, 'dist/apps/deploy/src/main.js');
  /** @type {Set<{ kill: () => void, ended: Promise<Ended> }>} */
  const running = new Set();

  /** @param {readonly string[]} words @returns {Command} */
  function start(words) {
    const args = [program, ...words, '--config', config, '--json'];
    const child = spawn(process.execPath, args, { cwd: tool, env, stdio: ['ignore', 'pipe', 'pipe'] });
    /** @type {Promise<Pick<Ended, 'code' | 'signal'>>} */
    const closed = new Promise((resolve) => child.once('close', (code, signal) => resolve({ code, signal })));
    const ended = Promise.all([text(child.stdout), text(child.stderr), closed]).then(([out, err, how]) => ({
      ...how,
      out,
      err,
    }));
    // One that was stopped would not hear of anything else.
    const kill = () =>
      void ['SIGTERM', 'SIGCONT'].forEach((name) => child.kill(/** @type {'SIGTERM'} */ (name)));
    const one = { kill, ended };
    running.add(one);
    void ended.then(() => running.delete(one));
    return { identity: identityOf(child.pid ?? 0), ended };
  }

  return {
    start,
    /** @param {string[]} words @returns {Promise<unknown>} its result @throws {Problem} when it ends with anything but 0 */
    async run(...words) {
      const { code, out, err } = await start(words).ended;
      if (code !== 0) throw new Problem(`deploy ${words.join(' ')} ended with code ${code}:\n${err}`);
      return JSON.parse(out).result;
    },
    /** Ends the commands that are under way, and with them their lock. */
    async cancel() {
      for (const one of running) one.kill();
      await Promise.all([...running].map(({ ended }) => ended));
    },
  };
}
