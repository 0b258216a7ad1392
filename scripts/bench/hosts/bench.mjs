// @ts-check
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { ROOT, builtFile } from '../../lib/paths.mjs';
import { Problem, say } from '../../lib/problem.mjs';
import { startLoad } from '../switch/load.mjs';
import { machine } from '../switch/machine.mjs';
import { spread } from '../switch/times.mjs';
import { SSH_OPTIONS, hostSettings, makeMachines } from './machines.mjs';

const NAMES = ['one', 'two', 'three'];
const CLIENTS_PER_HOST = 4;
const THINK_MS = 20;

/** Short gates, so that a switch takes seconds; all else as it comes. */
const SETTINGS = {
  service: { entry: 'app/service.mjs', migrate: null },
  health: { intervalMs: 20 },
  watch: { forMs: 500, intervalMs: 20 },
  drain: { minMs: 200, intervalMs: 10 },
};

/**
 * Deploys to three hosts over real sshds of this machine, again and again, while people are on all of them.
 *
 * @param {{ switches: number }} options
 */
export async function benchHosts({ switches }) {
  const dir = mkdtempSync(join(tmpdir(), 'haru-hosts-'));
  const machines = await makeMachines(dir, NAMES);
  try {
    writeFileSync(join(dir, 'deploy.yml'), JSON.stringify(settingsFor(dir, machines)));
    await deploy(dir, 'r0');
    const loads = machines.map(({ sitePort }) => people(`http://127.0.0.1:${sitePort}`));
    const receipts = [];
    for (let number = 1; number <= switches; number += 1) {
      receipts.push(await deploy(dir, `r${number}`));
      say(`  switch ${number} of ${switches}: skew ${receipts.at(-1)?.skewMs} ms`);
    }
    const tallies = await Promise.all(loads.map((load) => load.stop()));
    return { ...figures(receipts, tallies), settings: SETTINGS, machine: await machine() };
  } finally {
    await command(dir, ['down']);
    for (const { sshd } of machines) sshd.kill('SIGTERM');
    rmSync(dir, { recursive: true, force: true });
  }
}

/**
 * @param {readonly { skewMs: number, durationMs: number }[]} receipts
 * @param {readonly import('../switch/load.mjs').Tally[]} tallies
 */
function figures(receipts, tallies) {
  const sum = (/** @type {(tally: import('../switch/load.mjs').Tally) => number} */ of) =>
    tallies.map(of).reduce((a, b) => a + b, 0);
  return {
    hosts: NAMES.length,
    switches: receipts.length,
    skewMs: { ...spread(receipts.map(({ skewMs }) => skewMs)), all: receipts.map(({ skewMs }) => skewMs) },
    deployMs: spread(receipts.map(({ durationMs }) => durationMs)),
    requests: sum(({ requests }) => requests),
    failed: sum(({ failed }) => failed),
    failures: tallies.flatMap(({ failures }) => failures),
  };
}

/**
 * @param {string} dir
 * @param {readonly import('./machines.mjs').Machine[]} machines
 */
function settingsFor(dir, machines) {
  return {
    stateDir: join(dir, 'coordinator'),
    releasesDir: join(dir, 'releases'),
    ...SETTINGS,
    nginx: { workers: 1 },
    ssh: { options: SSH_OPTIONS },
    hosts: machines.map(hostSettings),
  };
}

/** @param {string} origin */
function people(origin) {
  const client = {
    next: () => /** @type {const} */ ({ method: 'GET', path: '/api/v2/time' }),
    judge: (/** @type {{ status: number }} */ { status }) => (status === 200 ? undefined : String(status)),
  };
  return startLoad(origin, Array(CLIENTS_PER_HOST).fill(client), { thinkMs: THINK_MS });
}

/**
 * @param {string} dir
 * @param {string} id
 * @returns {Promise<{ skewMs: number, durationMs: number }>} the receipt
 */
async function deploy(dir, id) {
  cpSync(join(ROOT, 'test/support/deploy-fixture'), join(dir, 'releases', id, 'app'), { recursive: true });
  const { code, out, err } = await command(dir, ['deploy', id]);
  if (code !== 0) throw new Problem(`deploy ${id} ended with ${code}: ${err}`);
  return JSON.parse(out).result;
}

/**
 * @param {string} dir
 * @param {readonly string[]} words
 */
async function command(dir, words) {
  const args = [builtFile('deploy'), ...words, '--json', '--config', join(dir, 'deploy.yml')];
  const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'close');
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { code: /** @type {number | null} */ (code), out, err };
}
