// @ts-check
import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { readIfThere } from '../lib/files.mjs';
import { ROOT } from '../lib/paths.mjs';
import { Problem } from '../lib/problem.mjs';
import { waitFor } from '../lib/wait.mjs';

/**
 * A server under test: one process that logs to a file.
 *
 * @typedef {object} Server
 * @property {string} name
 * @property {string} origin such as `http://127.0.0.1:4711`; means nothing when it serves on a unix socket
 * @property {() => Promise<void>} stop ends it as a supervisor would
 */

/**
 * Starts a node process and waits until it says in its log that it listens.
 *
 * @param {{ name: string, dir: string, args: readonly string[], env: Readonly<Record<string, string>> }} what `env`
 *   is the whole environment of the process
 * @returns {Promise<Server>}
 * @throws {Problem} with the end of its log when it ends, or does not listen within 20 s
 */
export async function startServer({ name, dir, args, env }) {
  const log = join(dir, `${name}.log`);
  const sink = openSync(log, 'w');
  const child = spawn(process.execPath, args, { cwd: ROOT, env, stdio: ['ignore', sink, sink] });
  closeSync(sink);
  const ended = new Promise((resolve) => child.once('close', resolve));
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
    await ended;
  };
  try {
    const address = await waitFor(
      () => {
        if (child.exitCode !== null) throw new Problem(`${name} ended with code ${child.exitCode}.`);
        return addressIn(readIfThere(log) ?? '');
      },
      { timeoutMs: 20_000, what: `${name} to listen` },
    );
    const port = /:(\d+)\/?$/.exec(address)?.[1];
    return { name, origin: `http://127.0.0.1:${port}`, stop };
  } catch (error) {
    await stop();
    const tail = (readIfThere(log) ?? '').split('\n').slice(-15).join('\n');
    throw new Problem(`${error instanceof Error ? error.message : error}\n${tail}`);
  }
}

/** @param {string} log @returns {string | undefined} what the line of `listening` says */
function addressIn(log) {
  const line = log.split('\n').find((text) => text.includes('"msg":"listening"') && text.endsWith('}'));
  return line === undefined ? undefined : String(JSON.parse(line).address);
}
