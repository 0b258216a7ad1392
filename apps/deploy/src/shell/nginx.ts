import { createHash } from 'node:crypto';
import { mkdir, rename, rm } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DeployError } from '../core/errors';
import { renderNginx, type NginxVersion } from '../core/nginx-conf';
import { runCommand, type CommandResult } from './command';
import { writeDurably } from './durable';
import { isErrno, lastLines, readIfThere } from './files';
import { ask } from './http';
import { commandLineOf, identityOf, isAlive, signal, type ProcessIdentity } from './process-identity';
import type { Site } from './site';

/** On many machines servers are not on the PATH of a user. */
const PROGRAMS = ['nginx', '/usr/sbin/nginx', '/usr/local/sbin/nginx', '/opt/homebrew/bin/nginx'];
const TAKE_OVER_TIMEOUT_MS = 5_000;

/** The private nginx as it is and as it should be. */
export type NginxState = Readonly<{ running: boolean; current: boolean }>;

export async function nginxState(site: Site): Promise<NginxState> {
  const { text, generation } = await wanted(site);
  const loaded = await loadedGeneration(site);
  if (loaded !== null) return { running: true, current: loaded === generation };
  return { running: false, current: (await readIfThere(site.layout.nginxConf)) === text };
}

/**
 * Takes the configuration that the settings ask for into use: checked before, proven afterwards. A reload alone
 * proves nothing; nginx answers 0 and keeps the old one when, say, a port is taken.
 *
 * @throws DeployError with nginx's own words; the configuration in use stays
 */
export async function configureNginx(site: Site): Promise<string> {
  const { nginxConf, nginxDir } = site.layout;
  await mkdir(join(nginxDir, 'temp'), { recursive: true });
  const { text, generation } = await wanted(site);
  const draft = `${nginxConf}.new`;
  await writeDurably(draft, text);
  const notes = refuseWarnings(await nginx(site, draft, ['-t']));
  const before = await readIfThere(nginxConf);
  await rename(draft, nginxConf);
  if ((await loadedGeneration(site)) === null) return notes;
  await nginx(site, nginxConf, ['-s', 'reload']);
  if (await answersGeneration(site, generation)) return notes;
  if (before !== null) await writeDurably(nginxConf, before);
  throw await refusedBy(site, 'nginx was asked to reload and keeps its old configuration');
}

/** @throws DeployError, for instance when somebody else has the port */
export async function startNginx(site: Site): Promise<void> {
  await endLeftover(site);
  await rm(site.layout.innerSocket, { force: true });
  const result = await nginx(site, site.layout.nginxConf, []);
  const { generation } = await wanted(site);
  if (result.code === 0 && (await answersGeneration(site, generation))) return;
  throw await refusedBy(site, 'nginx does not start', result.output);
}

/** Ends the private nginx, if it runs: its requests under way finish first. */
export async function stopNginx(site: Site): Promise<boolean> {
  const master = await findMaster(site);
  if (master === null) return false;
  signal(master, 'SIGQUIT');
  await untilGone(master);
  return true;
}

/** The configuration that the settings ask for, for the nginx of this machine. */
export async function wanted(site: Site): Promise<Rendered> {
  return renderSite(site, await nginxVersion());
}

/** A configuration, and the mark by which a loaded one is told from another. */
export type Rendered = Readonly<{ text: string; generation: string }>;

export function renderSite({ settings, layout }: Site, version: NginxVersion): Rendered {
  const input = {
    ...settings.nginx,
    staticRoot: resolve(layout.projectDir, settings.nginx.staticRoot),
    liveSocket: layout.liveLink,
    innerSocket: layout.innerSocket,
    home: layout.nginxDir,
    user: settings.nginx.user ?? rootUser(),
    version,
  };
  const digest = createHash('sha256').update(renderNginx(input, '')).digest('hex');
  const generation = digest.slice(0, 16);
  return { text: renderNginx(input, generation), generation };
}

/** As root, workers would become `nobody`, who may not write to a socket of root's. */
function rootUser(): string | null {
  return process.getuid?.() === 0 ? userInfo().username : null;
}

async function nginxVersion(): Promise<NginxVersion> {
  const { output } = await runCommand(PROGRAMS, ['-v'], 'apt install nginx-light, or brew install nginx');
  const [major = 0, minor = 0, patch = 0] = (/(\d+)\.(\d+)\.(\d+)/.exec(output) ?? []).slice(1).map(Number);
  return [major, minor, patch];
}

function nginx({ layout }: Site, conf: string, args: readonly string[]): Promise<CommandResult> {
  const { nginxDir } = layout;
  return runCommand(PROGRAMS, ['-p', nginxDir, '-c', conf, '-e', join(nginxDir, 'error.log'), ...args]);
}

function refuseWarnings({ code, output }: CommandResult): string {
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

async function refusedBy(site: Site, what: string, output = ''): Promise<DeployError> {
  const said = output.split('\n').filter((line) => line.includes('['));
  const details = said.length > 0 ? said : await lastLines(join(site.layout.nginxDir, 'error.log'), 5);
  const isTaken = details.some((line) => line.includes('Address already in use'));
  const { port } = site.settings.nginx;
  return new DeployError('needsHuman', {
    what: `${what}.`,
    details,
    left: 'Whatever served still serves.',
    next: isTaken ? `free port ${port}, or set another nginx.port in deploy.yml` : 'npm run deploy -- status',
  });
}

async function loadedGeneration({ layout }: Site): Promise<string | null> {
  try {
    const { status, body } = await ask({ socketPath: layout.innerSocket }, '/generation', {
      timeoutMs: TAKE_OVER_TIMEOUT_MS,
    });
    return status === 200 ? body : null;
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ECONNREFUSED')) return null;
    throw error;
  }
}

async function answersGeneration(site: Site, generation: string): Promise<boolean> {
  const deadline = performance.now() + TAKE_OVER_TIMEOUT_MS;
  while (performance.now() < deadline) {
    if ((await loadedGeneration(site)) === generation) return true;
    await sleep(20);
  }
  return false;
}

/** One of ours that lost its inner socket: it holds the port and cannot be asked. */
async function endLeftover(site: Site): Promise<void> {
  const master = await findMaster(site);
  if (master === null) return;
  signal(master, 'SIGTERM');
  await untilGone(master);
}

async function untilGone(master: ProcessIdentity): Promise<void> {
  const deadline = performance.now() + TAKE_OVER_TIMEOUT_MS;
  while (isAlive(master) && performance.now() < deadline) await sleep(20);
  if (isAlive(master)) signal(master, 'SIGKILL');
}

async function findMaster({ layout }: Site): Promise<ProcessIdentity | null> {
  const pid = Number.parseInt((await readIfThere(join(layout.nginxDir, 'nginx.pid'))) ?? '', 10);
  if (!Number.isInteger(pid)) return null;
  const title = commandLineOf(pid) ?? '';
  return title.includes('nginx: master') && title.includes(layout.nginxDir) ? identityOf(pid) : null;
}
