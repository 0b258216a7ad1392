import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { identityOf, isAlive, signal, type ProcessIdentity } from '../process-identity';

/** Long enough for a child to end well; it has no people to serve. */
const GRACE_MS = 1_000;
const POLL_MS = 20;

/** Ends processes, at last by force. */
export async function endAll(pids: readonly number[]): Promise<void> {
  const processes = pids.map(identityOf).filter((one): one is ProcessIdentity => one !== null);
  for (const name of ['SIGTERM', 'SIGKILL'] as const) {
    for (const one of processes) signal(one, name);
    const deadline = performance.now() + GRACE_MS;
    while (processes.some(isAlive) && performance.now() < deadline) await sleep(POLL_MS);
  }
}

/** Everything that runs on this machine. */
export function runningPids(): readonly number[] {
  try {
    return readdirSync('/proc').map(Number).filter(Number.isInteger);
  } catch {
    return execFileSync('ps', ['-axo', 'pid='], { encoding: 'utf8' }).trim().split(/\s+/).map(Number);
  }
}
