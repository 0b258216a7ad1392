import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

/** A process that cannot be mistaken for a later one with the same pid. */
export type ProcessIdentity = Readonly<{ pid: number; startTicks: string }>;

const HAS_PROC = existsSync('/proc/self/stat');

/** A zombie has ended: it only waits for a parent that asks. */
const ENDED = ['Z', 'X'];

/** @returns null when no such process runs */
export function identityOf(pid: number): ProcessIdentity | null {
  const startTicks = HAS_PROC ? fromProc(pid) : fromPs(pid);
  return startTicks === null ? null : { pid, startTicks };
}

export function isAlive({ pid, startTicks }: ProcessIdentity): boolean {
  return identityOf(pid)?.startTicks === startTicks;
}

/** Sends a signal, but never to a stranger who got the pid later. */
export function signal(target: ProcessIdentity, name: NodeJS.Signals): void {
  if (!isAlive(target)) return;
  try {
    process.kill(target.pid, name);
  } catch (error) {
    if (isAlive(target)) throw error;
  }
}

/** The words that a process was started with, or a daemon's title; null when it has gone. */
export function commandLineOf(pid: number): string | null {
  try {
    if (HAS_PROC) return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    return execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
  } catch {
    return null;
  }
}

/** Field 22 of stat; the command in field 2 may hold blanks and brackets, so the count begins behind it. */
function fromProc(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state = '', ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return ENDED.includes(state) ? null : (rest[18] ?? null);
  } catch {
    return null;
  }
}

function fromPs(pid: number): string | null {
  try {
    const args = ['-o', 'stat=,lstart=', '-p', String(pid)];
    const [state = 'Z', ...date] = execFileSync('ps', args, { encoding: 'utf8' }).trim().split(/\s+/);
    return ENDED.includes(state.charAt(0)) ? null : date.join('');
  } catch {
    return null;
  }
}
