// @ts-check
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Problem, say } from './problem.mjs';
import { run } from './run.mjs';

const POLICY = '/usr/sbin/policy-rc.d';
const OUR_MARK = '# haru-study: here only while packages are installed';
/** Disables a unit also where no systemd runs, such as in a container that is booted later. */
const SYSTEMCTL = '/usr/bin/systemctl';
/** @type {Readonly<Record<string, string>>} packages that bring a service along */
const SERVICE_OF = { 'nginx-light': 'nginx', 'redis-server': 'redis-server', 'openssh-server': 'ssh' };
const ENV = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };

/** @type {Promise<unknown> | undefined} package lists are fetched once a process */
let updated;

/** @returns {boolean} whether this process may install packages: root, on Debian or Ubuntu */
export function canInstallByApt() {
  return process.getuid?.() === 0 && existsSync('/usr/bin/apt-get') && existsSync('/etc/debian_version');
}

/**
 * Installs packages of Debian or Ubuntu so that none of their services runs on the machine, now or after a reboot.
 *
 * @param {readonly string[]} packages
 * @param {AbortSignal} [signal]
 * @throws {Problem} with apt's last lines
 */
export async function installByApt(packages, signal) {
  say(`Installing ${packages.join(', ')} by apt (root on Debian or Ubuntu; no service is started).`);
  updated ??= apt(['update'], signal);
  await updated;
  await withoutServices(() => apt(['install', '-y', '--no-install-recommends', ...packages], signal));
  for (const unit of packages.flatMap((name) => SERVICE_OF[name] ?? [])) await keepOff(unit, signal);
}

/**
 * Not to be started at the next boot either.
 *
 * @param {string} unit
 * @param {AbortSignal} [signal]
 */
async function keepOff(unit, signal) {
  if (!existsSync(SYSTEMCTL)) return;
  await run(SYSTEMCTL, ['disable', '--quiet', unit], { env: ENV, signal }).catch((error) => {
    say(`Could not keep ${unit} from starting at the next boot: ${error.message}`);
  });
}

/**
 * @param {readonly string[]} args
 * @param {AbortSignal} [signal]
 */
async function apt(args, signal) {
  // Somebody else's apt may hold the lock: unattended upgrades after boot do.
  const options = ['-qq', '-o', 'DPkg::Lock::Timeout=120'];
  try {
    return await run('/usr/bin/apt-get', [...options, ...args], { env: ENV, signal });
  } catch (error) {
    if (error instanceof Problem) throw new Problem(`apt could not help: ${error.message}`);
    throw error;
  }
}

/**
 * Packages start their services when they are installed, unless this policy says no. A policy of the machine's own
 * stays as it is.
 *
 * @param {() => Promise<unknown>} install
 */
async function withoutServices(install) {
  if (existsSync(POLICY) && !isOurs()) return install();
  const remove = () => rmSync(POLICY, { force: true });
  writeFileSync(POLICY, `#!/bin/sh\n${OUR_MARK}\nexit 101\n`, { mode: 0o755 });
  process.once('exit', remove);
  try {
    return await install();
  } finally {
    remove();
    process.off('exit', remove);
  }
}

/** One that a killed run left behind is taken over, or the machine would never start a service again. */
function isOurs() {
  return readFileSync(POLICY, 'utf8').includes(OUR_MARK);
}
