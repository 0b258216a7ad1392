// @ts-check
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { ensureCommand } from '../../lib/commands.mjs';
import { freePort } from '../../lib/ports.mjs';
import { waitFor } from '../../lib/wait.mjs';

/**
 * @typedef {object} Machine a host, as far as a deployer can tell: a real sshd and folders of its own
 * @property {string} name
 * @property {string} dir
 * @property {string} key of those who may come in
 * @property {number} sshPort
 * @property {number} sitePort
 * @property {import('node:child_process').ChildProcess} sshd
 */

/** @param {string} path */
function makeKey(path) {
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', path]);
}

/**
 * @param {string} dir everything goes here
 * @param {readonly string[]} names
 * @returns {Promise<Machine[]>} machines whose sshd answers
 */
export async function makeMachines(dir, names) {
  await ensureCommand('ssh', { apt: 'openssh-client' });
  await ensureCommand('sshd', { apt: 'openssh-server' });
  // Debian makes it when its own sshd is started.
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
  const key = join(dir, 'key');
  makeKey(key);
  /** @type {Machine[]} */
  const machines = [];
  for (const name of names) machines.push(await makeMachine(join(dir, name), { name, key }));
  return machines;
}

/**
 * @param {string} dir
 * @param {{ name: string, key: string }} who
 */
async function makeMachine(dir, { name, key }) {
  mkdirSync(dir);
  makeKey(join(dir, 'host-key'));
  const [sshPort, sitePort] = [await freePort(), await freePort()];
  const lines = [
    `Port ${sshPort}`,
    'ListenAddress 127.0.0.1',
    `HostKey ${join(dir, 'host-key')}`,
    `AuthorizedKeysFile ${key}.pub`,
    `PidFile ${join(dir, 'sshd.pid')}`,
    'StrictModes no',
    'UsePAM no',
    'PasswordAuthentication no',
    'PermitRootLogin yes',
    'MaxStartups 50',
  ];
  writeFileSync(join(dir, 'sshd.conf'), `${lines.join('\n')}\n`);
  writeFileSync(join(dir, 'environment'), '');
  return { name, dir, key, sshPort, sitePort, sshd: await startSshd(dir, sshPort) };
}

/**
 * @param {string} dir of the machine
 * @param {number} port
 */
export async function startSshd(dir, port) {
  // It starts itself anew for each connection, and wants its whole name for that.
  const program = await ensureCommand('sshd', { apt: 'openssh-server' });
  const args = ['-D', '-f', join(dir, 'sshd.conf'), '-E', join(dir, 'sshd.log')];
  const sshd = spawn(program, args, { stdio: 'ignore' });
  await waitFor(() => isListening(port), { what: 'sshd', timeoutMs: 20_000 });
  return sshd;
}

/** Keys of machines that live for a minute are not to be remembered. */
export const SSH_OPTIONS = [
  'StrictHostKeyChecking=no',
  'UserKnownHostsFile=/dev/null',
  'LogLevel=ERROR',
  'IdentitiesOnly=yes',
].flatMap((option) => ['-o', option]);

/**
 * @param {Machine} machine
 * @returns {object} what deploy.yml says of it
 */
export function hostSettings({ name, dir, key, sshPort, sitePort }) {
  return {
    name,
    address: '127.0.0.1',
    port: sshPort,
    user: userInfo().username,
    identityFile: key,
    dir,
    stateDir: dir,
    node: process.execPath,
    environmentFile: join(dir, 'environment'),
    settings: { releasesDir: 'releases', nginx: { port: sitePort } },
  };
}

/**
 * @param {number} port
 * @returns {Promise<boolean>}
 */
function isListening(port) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(true));
    socket.on('error', () => resolve(false));
    socket.on('connect', () => socket.destroy());
  });
}
