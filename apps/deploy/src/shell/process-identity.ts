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

/** Whether a process was stopped (SIGSTOP, Ctrl-Z) and will not go on by itself. */
export function isStopped({ pid }: ProcessIdentity): boolean {
  return stateOf(pid) === 'T';
}

/** The process group that a process is in; null when it has gone. */
export function groupOf(pid: number): number | null {
  const group = HAS_PROC ? statOf(pid)[2] : psField(pid, 'pgid=');
  return group === undefined || group === '' ? null : Number(group);
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

/** Field 22 of stat. */
function fromProc(pid: number): string | null {
  const [state = '', ...rest] = statOf(pid);
  return ENDED.includes(state) ? null : (rest[18] ?? null);
}

function stateOf(pid: number): string | null {
  if (HAS_PROC) return statOf(pid)[0] ?? null;
  return psOf(pid)[0]?.charAt(0) ?? null;
}

/** Fields of stat from the third on; the command in field 2 may hold blanks and brackets, so it begins behind it. */
function statOf(pid: number): readonly string[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return [];
  }
}

function fromPs(pid: number): string | null {
  const [state = 'Z', ...date] = psOf(pid);
  return ENDED.includes(state.charAt(0)) ? null : date.join('');
}

/** State, then the words of the start date. */
function psOf(pid: number): readonly string[] {
  const fields = psField(pid, 'stat=,lstart=');
  return fields === '' ? [] : fields.split(/\s+/);
}

function psField(pid: number, format: string): string {
  try {
    return execFileSync('ps', ['-o', format, '-p', String(pid)], { encoding: 'utf8' }).trim();
  } catch {
    return '';
  }
}
