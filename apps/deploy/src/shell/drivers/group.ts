import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { groupOf, identityOf, isAlive, signal, type ProcessIdentity } from '../process-identity';

/** Long enough for a child to end well; it has no people to serve. */
const GRACE_MS = 1_000;
const POLL_MS = 20;

/**
 * Ends what a process has started and left behind: a colour leads a group of its own, and whoever is in it came from it.
 *
 * @param leader it has ended; its children are known by its number, which nobody else gets while one of them lives
 * @param isOurs for a leader that ended long ago: its number may have led another group since
 * @returns how many there were
 */
export async function endChildrenOf(
  leader: ProcessIdentity,
  isOurs: (pid: number) => boolean = () => true,
): Promise<number> {
  // The number belongs to somebody else by now: so does the group.
  if (identityOf(leader.pid) !== null) return 0;
  const children = membersOf(leader.pid).filter(({ pid }) => isOurs(pid));
  for (const name of ['SIGTERM', 'SIGKILL'] as const) {
    for (const child of children) signal(child, name);
    const deadline = performance.now() + GRACE_MS;
    while (children.some(isAlive) && performance.now() < deadline) await sleep(POLL_MS);
  }
  return children.length;
}

function membersOf(group: number): readonly ProcessIdentity[] {
  return runningPids()
    .filter((pid) => groupOf(pid) === group)
    .map(identityOf)
    .filter((member) => member !== null);
}

/** Everything that runs on this machine. */
export function runningPids(): readonly number[] {
  try {
    return readdirSync('/proc').map(Number).filter(Number.isInteger);
  } catch {
    return execFileSync('ps', ['-axo', 'pid='], { encoding: 'utf8' }).trim().split(/\s+/).map(Number);
  }
}
