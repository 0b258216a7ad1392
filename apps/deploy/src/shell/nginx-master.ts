import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { isErrno, readIfThere } from './files';
import { commandLineOf, identityOf, isAlive, type ProcessIdentity } from './process-identity';
import type { Site } from './site';
import { isSoon } from './soon';

/**
 * The master of the nginx that serves this site. A pid file may be old, and its number somebody else's by now: only a
 * process that calls itself a master of nginx counts, and a private one must have our folder among its words.
 *
 * @returns null when it does not run, or nobody has said how to find it (nginx.pidFile)
 */
export async function findMaster(site: Site): Promise<ProcessIdentity | null> {
  const noted = Number.parseInt((await readNote(pidFileOf(site))) ?? '', 10);
  if (Number.isInteger(noted) && isMaster(site, noted)) return identityOf(noted);
  return site.settings.nginx.manage ? searchMaster(site) : null;
}

/** @returns null where somebody else's nginx is not to be watched */
export function pidFileOf({ settings, layout }: Site): string | null {
  const { manage, pidFile } = settings.nginx;
  if (manage) return join(layout.nginxDir, 'nginx.pid');
  return pidFile === null ? null : resolve(layout.projectDir, pidFile);
}

/** @returns null when there is none, or it is not for us to read */
async function readNote(path: string | null): Promise<string | null> {
  if (path === null) return null;
  return readIfThere(path).catch((error: unknown) => {
    if (isErrno(error, 'EACCES')) return null;
    throw error;
  });
}

function isMaster({ settings, layout }: Site, pid: number): boolean {
  const title = `${commandLineOf(pid) ?? ''} `;
  const isOurs = !settings.nginx.manage || title.includes(`${layout.nginxDir} `);
  return title.startsWith('nginx: master') && isOurs;
}

/** A private nginx whose pid file was lost still holds the port. */
function searchMaster(site: Site): ProcessIdentity | null {
  const pid = processes().find((one) => isMaster(site, one));
  return pid === undefined ? null : identityOf(pid);
}

function processes(): readonly number[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch {
    return [];
  }
}

/** @returns its workers that take connections */
export function activeWorkersOf(master: ProcessIdentity): readonly ProcessIdentity[] {
  return workersOf(master).filter((worker) => !isRetired(worker));
}

/** @returns its workers that a reload has replaced, and that still hold connections */
export function oldWorkersOf(master: ProcessIdentity): readonly ProcessIdentity[] {
  return workersOf(master).filter(isShuttingDown);
}

/** A worker that takes no connections any more. */
export function isRetired(worker: ProcessIdentity): boolean {
  return !isAlive(worker) || isShuttingDown(worker);
}

/** @returns whether none of the workers takes connections any more, in time */
export function areRetired(workers: readonly ProcessIdentity[], timeoutMs: number): Promise<boolean> {
  return isSoon(() => workers.every(isRetired), timeoutMs, 20);
}

function isShuttingDown({ pid }: ProcessIdentity): boolean {
  return (commandLineOf(pid) ?? '').includes('shutting down');
}

function workersOf({ pid }: ProcessIdentity): readonly ProcessIdentity[] {
  return childrenOf(pid)
    .map(identityOf)
    .filter((worker) => worker !== null);
}

function childrenOf(pid: number): readonly number[] {
  const words = (text: string) => text.split(/\s+/).filter(Boolean).map(Number);
  try {
    return words(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8'));
  } catch {
    return words(pgrep(pid));
  }
}

/** Where there is no /proc. */
function pgrep(parent: number): string {
  try {
    return execFileSync('pgrep', ['-P', String(parent)], { encoding: 'utf8' });
  } catch {
    return '';
  }
}
