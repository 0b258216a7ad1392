import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';

export type ShellCommand = Readonly<{
  /** for /bin/sh -c */
  text: string;
  cwd: string;
  /** `NAME=value`, besides the environment of this process */
  variables?: readonly string[];
  /** for its stdin; unset: nothing */
  input?: string;
  /** its output goes here */
  logPath: string;
  timeoutMs: number;
}>;

/**
 * Runs a command of the settings to its end, or until its time is over: then it is killed with all that it has started.
 *
 * @returns what went wrong, in words; null when it ended with 0
 */
export async function runShellCommand(command: ShellCommand): Promise<string | null> {
  const { text, cwd, variables = [], input, logPath, timeoutMs } = command;
  await mkdir(dirname(logPath), { recursive: true, mode: 0o750 });
  const log = await open(logPath, 'a', 0o640);
  try {
    const child = spawn('/usr/bin/env', [...variables, '/bin/sh', '-c', text], {
      cwd,
      detached: true,
      stdio: ['pipe', log.fd, log.fd],
    });
    // One that does not read its input is as good as one that does.
    child.stdin?.on('error', () => undefined).end(input);
    const ended = once(child, 'exit') as Promise<[code: number | null, signal: NodeJS.Signals | null]>;
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      killGroup(child.pid);
    }, timeoutMs);
    const [code, signal] = await ended.finally(() => clearTimeout(timer));
    if (isLate) return `it did not end within ${timeoutMs} ms and was killed`;
    return code === 0 ? null : (signal ?? `exit code ${code}`);
  } finally {
    await log.close();
  }
}

/** It leads a group of its own, which has all its children. */
function killGroup(pid: number | undefined): void {
  if (pid !== undefined) process.kill(-pid, 'SIGKILL');
}
