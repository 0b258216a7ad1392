import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, type FileHandle } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { z } from 'zod';
import { DeployError } from '../core/errors';
import { isErrno, parseJson, readIfThere } from './files';
import { identityOf, isAlive, isStopped } from './process-identity';

const holderSchema = z.object({
  pid: z.int(),
  startTicks: z.string(),
  user: z.string(),
  since: z.string(),
  command: z.string(),
});

type Holder = Readonly<z.output<typeof holderSchema>>;

/**
 * Runs the work while holding the lock. The kernel holds it for us: flock(1) locks the open file behind the
 * descriptor that it inherits from this process, so the lock lives exactly as long as this process, SIGKILL and
 * SIGSTOP included, and no child has it.
 *
 * @param command what others are told that this process is doing
 * @throws DeployError naming the holder
 */
export async function withLock<T>(path: string, command: string, work: () => Promise<T>): Promise<T> {
  const file = await open(path, 'a+', 0o644);
  try {
    if (!(await take(file))) throw lockedBy(await readHolder(path));
    await nameHolder(file, command);
    return await work().finally(() => file.truncate());
  } finally {
    await file.close();
  }
}

/** Who holds the lock. `stopped`: it was stopped and will not go on by itself. */
export type LockHolder = Readonly<{ pid: number; stopped: boolean; since: string; description: string }>;

/** @returns who works at the moment; null when nobody does */
export async function lockHolder(path: string): Promise<LockHolder | null> {
  const holder = await readHolder(path);
  if (!holder || !isAlive(holder)) return null;
  const { pid, since } = holder;
  return { pid, stopped: isStopped(holder), since, description: describeHolder(holder) };
}

async function take(file: FileHandle): Promise<boolean> {
  const flock = spawn('flock', ['-n', '3'], { stdio: ['ignore', 'ignore', 'ignore', file.fd] });
  const [code] = await once(flock, 'exit').catch((error: unknown) => {
    throw new DeployError('needsHuman', {
      what: `The lock cannot be taken: ${String(error)}.`,
      left: 'Nothing was changed.',
      next: 'install flock (Debian, Ubuntu: apt install util-linux)',
    });
  });
  return code === 0;
}

async function nameHolder(file: FileHandle, command: string): Promise<void> {
  const since = new Date().toISOString();
  const holder = { ...identityOf(process.pid), user: userInfo().username, since, command };
  await file.truncate();
  try {
    await file.appendFile(JSON.stringify(holder));
  } catch (error) {
    // The kernel holds the lock, also for one whose name found no room: `down` must work on a full disk.
    if (!isErrno(error, 'ENOSPC', 'EDQUOT')) throw error;
  }
}

async function readHolder(path: string): Promise<Holder | null> {
  const text = (await readIfThere(path)) ?? '';
  return holderSchema.safeParse(parseJson(text)).data ?? null;
}

function lockedBy(holder: Holder | null): DeployError {
  // Nothing is lost by it: the next command finishes or undoes what was begun.
  const cancel = holder ? `, or cancel it with kill -INT ${holder.pid}` : '';
  return new DeployError('locked', {
    what: `Another deploy is under way: ${holder ? describeHolder(holder) : 'it has just begun'}.`,
    left: 'This command has changed nothing.',
    next: `wait for it${cancel}; npm run deploy -- unlock says more. A holder that was killed holds nothing any more.`,
  });
}

function describeHolder(holder: Holder): string {
  const { pid, user, since, command } = holder;
  const state = isStopped(holder) ? ', and is stopped' : '';
  return `process ${pid} of ${user} runs \`${command}\` since ${since}${state}`;
}
