import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DeployError } from '../core/errors';
import type { NginxVersion } from '../core/nginx-text';
import { runCommand, type CommandResult } from './command';
import { isErrno, lastLines } from './files';
import { ask } from './http';
import { activeWorkersOf, areRetired, findMaster } from './nginx-master';
import { isAlive, signal } from './process-identity';
import type { Site } from './site';

/** On many machines servers are not on the PATH of a user. */
const PROGRAMS = ['nginx', '/usr/sbin/nginx', '/usr/local/sbin/nginx', '/opt/homebrew/bin/nginx'] as const;
export const TAKE_OVER_TIMEOUT_MS = 5_000;

/** @returns the absolute path of nginx, as a unit needs it */
export async function nginxPath(): Promise<string> {
  for (const path of PROGRAMS.slice(1)) if (await isThere(path)) return path;
  return PROGRAMS[1];
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

export async function nginxVersion(): Promise<NginxVersion> {
  const { output } = await runCommand(PROGRAMS, ['-v'], 'apt install nginx-light, or brew install nginx');
  const [major = 0, minor = 0, patch = 0] = (/(\d+)\.(\d+)\.(\d+)/.exec(output) ?? []).slice(1).map(Number);
  return [major, minor, patch];
}

/** Runs nginx with a configuration, in the folder of the site. */
export function nginx({ layout }: Site, conf: string, args: readonly string[]): Promise<CommandResult> {
  const { nginxDir } = layout;
  return runCommand(PROGRAMS, ['-p', nginxDir, '-c', conf, '-e', join(nginxDir, 'error.log'), ...args]);
}

/**
 * Lets nginx itself check a configuration. Its warnings count, too: of two servers with the same name one is dead.
 *
 * @returns the warnings that may stay
 * @throws DeployError with nginx's own words
 */
export async function checkConfig(site: Site, conf: string): Promise<string> {
  const { code, output } = await nginx(site, conf, ['-t']);
  const lines = output.split('\n').filter((line) => /\[(warn|error|emerg|alert|crit)\]/.test(line));
  const isRefused = code !== 0 || lines.some((line) => line.includes('conflicting server name'));
  if (!isRefused) return lines.join('; ');
  throw new DeployError('needsHuman', {
    what: 'nginx refuses the configuration.',
    details: lines,
    left: 'The configuration in use was not touched; whatever served still serves.',
    next: 'correct the nginx section of deploy.yml, or what the lines name',
  });
}

/** @param output of a program that failed; without it the last lines of nginx's log tell */
export async function refusedBy(site: Site, what: string, output = ''): Promise<DeployError> {
  const said = output.split('\n').filter((line) => line.includes('['));
  const details = said.length > 0 ? said : await lastLines(site.layout.errorLog, 5);
  const isTaken = details.some((line) => line.includes('Address already in use'));
  const { port } = site.settings.nginx;
  return new DeployError('needsHuman', {
    what: `${what}.`,
    details,
    left: 'Whatever served still serves.',
    next: isTaken ? `free port ${port}, or set another nginx.port in deploy.yml` : 'npm run deploy -- status',
  });
}

/** @returns the mark of the configuration that is in use; null when no nginx of ours runs, or it hangs */
export async function loadedGeneration(site: Site, isRepeated = false): Promise<string | null> {
  try {
    const { status, body } = await ask({ socketPath: site.layout.innerSocket }, '/generation', {
      timeoutMs: TAKE_OVER_TIMEOUT_MS,
    });
    return status === 200 ? body : null;
  } catch (error) {
    // Whoever may not ask must not think that nobody is there.
    if (isErrno(error, 'EACCES', 'EPERM')) throw error;
    // A worker that ends just now takes its connections along; the next one answers. A whole nginx that does so does not.
    if (isErrno(error, 'ECONNRESET', 'EPIPE') && !isRepeated) return loadedGeneration(site, true);
    return null;
  }
}

/** @returns whether a configuration is taken into use in time */
export async function answersGeneration(site: Site, generation: string): Promise<boolean> {
  const deadline = performance.now() + TAKE_OVER_TIMEOUT_MS;
  while (performance.now() < deadline) {
    if ((await loadedGeneration(site)) === generation) return true;
    await sleep(20);
  }
  return false;
}

/**
 * Reloads, and waits until nobody takes connections with the old configuration any more: old and new workers do so
 * side by side for a while. The master is signalled by its identity: `nginx -s reload` would signal whatever process
 * has the number in the pid file today.
 *
 * @returns whether the new configuration was taken into use
 */
export async function reload(site: Site, generation: string): Promise<boolean> {
  const master = await findMaster(site);
  if (master === null) return false;
  const old = activeWorkersOf(master);
  signal(master, 'SIGHUP');
  return (await answersGeneration(site, generation)) && (await areRetired(old, TAKE_OVER_TIMEOUT_MS));
}

/**
 * Ends the master of this site, with SIGQUIT after what is under way, and one that hangs by force: its workers, too,
 * which would keep the port.
 *
 * @returns whether there was one
 */
export async function endMaster(site: Site, how: 'SIGQUIT' | 'SIGTERM'): Promise<boolean> {
  const master = await findMaster(site);
  if (master === null) return false;
  const workers = activeWorkersOf(master);
  signal(master, how);
  const deadline = performance.now() + TAKE_OVER_TIMEOUT_MS;
  while (isAlive(master) && performance.now() < deadline) await sleep(20);
  if (isAlive(master)) for (const one of [master, ...workers]) signal(one, 'SIGKILL');
  return true;
}
