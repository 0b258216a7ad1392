// @ts-check
import { spawn } from 'node:child_process';
import { openSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { identityOf, stopProcess } from '../../lib/processes.mjs';
import { waitFor } from '../../lib/wait.mjs';

/** @typedef {{ socketPath: string } | { port: number }} Address */
/** @typedef {{ identity: import('../../lib/processes.mjs').Identity, address: Address }} Colour */

const READY_TIMEOUT_MS = 15_000;
const DRAIN_TIMEOUT_MS = 30_000;
/** As the deployer does in these campaigns: connections that were opened just before are read within this time. */
const DRAIN_MIN_MS = 100;
const LOOKS_IN_A_ROW = 3;

/**
 * Starts a release of the fixture by hand, without the deployer: for the careless ways, and for other tools.
 *
 * @param {string} dir of the place; the code is in `code`
 * @param {{ release: string, address: Address, env: NodeJS.ProcessEnv }} options
 * @returns {Promise<Colour>} when it is ready
 */
export async function startColour(dir, { release, address, env }) {
  const log = openSync(join(dir, 'service.log'), 'a');
  const where =
    'port' in address
      ? { PORT: String(address.port), HOST: '127.0.0.1' }
      : { SOCKET_PATH: address.socketPath };
  const child = spawn(process.execPath, ['service/service.mjs'], {
    cwd: join(dir, 'code'),
    env: { ...process.env, SOCKET_PATH: undefined, PORT: undefined, ...env, ...where, RELEASE: release },
    stdio: ['ignore', log, log],
  });
  const identity = identityOf(child.pid ?? 0);
  if (identity === undefined) throw new Error(`${release} did not start`);
  const what = `${release} to be ready`;
  await waitFor(async () => (await ask(address, '/health/ready'))?.release === release, {
    timeoutMs: READY_TIMEOUT_MS,
    what,
  });
  return { identity, address };
}

/** Ends it whatever it does. @param {Colour} colour */
export async function endColour({ identity }) {
  await stopProcess(identity, { graceMs: 15_000 });
}

/** Waits until nothing is under way. @param {Colour} colour */
export async function drainColour({ address }) {
  const begin = performance.now();
  let quiet = 0;
  const isQuiet = async () => {
    quiet = (await ask(address, '/health/live'))?.inFlight === 0 ? quiet + 1 : 0;
    return quiet >= LOOKS_IN_A_ROW && performance.now() - begin > DRAIN_MIN_MS;
  };
  await waitFor(isQuiet, { timeoutMs: DRAIN_TIMEOUT_MS, everyMs: 20, what: 'the old colour to be quiet' });
}

/**
 * @param {Address} address
 * @param {string} path
 * @returns {Promise<Record<string, unknown> | undefined>} undefined when nobody answers well
 */
function ask(address, path) {
  return new Promise((resolve) => {
    request({ host: '127.0.0.1', ...address, path, agent: false }, (answer) => {
      let body = '';
      answer
        .setEncoding('utf8')
        .on('data', (part) => (body += part))
        .on('end', () => resolve(answer.statusCode === 200 ? JSON.parse(body) : undefined))
        .on('error', () => resolve(undefined));
    })
      .on('error', () => resolve(undefined))
      .end();
  });
}
