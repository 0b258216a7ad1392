import { spawn, type ChildProcess, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { DeployError } from '../../core/errors';
import type { Host } from '../../core/host-settings';
import type { Site } from '../site';

/** ssh's own exit code for "I could not get there". */
const NOT_REACHED = 255;
/** A peer that answers nothing for this many of these intervals is gone. */
const ALIVE = ['-o', 'ServerAliveInterval=5', '-o', 'ServerAliveCountMax=3'];

/** Text for a shell on the other side, as one word. */
export function quote(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

/**
 * The system's own ssh: it knows the operator's keys, agents, jump hosts and known hosts, which no library does as well. It
 * asks nobody anything (BatchMode).
 */
export function openSsh(site: Site, host: Host, command: string): ChildProcessWithoutNullStreams {
  const { command: program, options, connectTimeoutMs } = site.settings.ssh;
  const { address, user, port, identityFile } = host;
  const args = [
    ...['-T', '-o', 'BatchMode=yes', '-o', `ConnectTimeout=${Math.ceil(connectTimeoutMs / 1_000)}`],
    ...ALIVE,
    ...(port === undefined ? [] : ['-p', String(port)]),
    ...(user === undefined ? [] : ['-l', user]),
    ...(identityFile === undefined ? [] : ['-i', resolve(site.layout.projectDir, identityFile)]),
    ...options,
    '--',
    address.replace(/^\[|\]$/g, ''),
    command,
  ];
  const child = spawn(program, args, { cwd: site.layout.projectDir, stdio: 'pipe' });
  child.stdin.on('error', () => undefined);
  return child;
}

/**
 * To be asked for as soon as it was started.
 *
 * @returns ssh's exit code; null: a signal ended it
 * @throws DeployError when there is no such program
 */
export async function endOf({ settings }: Site, child: ChildProcess): Promise<number | null> {
  try {
    const [code] = (await once(child, 'close')) as [number | null];
    return code;
  } catch (error) {
    throw new DeployError('usage', {
      what: `ssh.command: ${settings.ssh.command} cannot be started (${String(error)}).`,
      left: 'It has changed nothing on any host.',
      next: 'install an ssh client, or name yours in deploy.yml',
    });
  }
}

export type Answer = Readonly<{ code: number; out: string; err: string; isReached: boolean }>;

/** Runs a command on a host to its end. */
export async function runOnHost(site: Site, host: Host, command: string, input = ''): Promise<Answer> {
  const child = openSsh(site, host, command);
  child.stdin.end(input);
  const ended = endOf(site, child);
  const [code, out, err] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  return { code: code ?? NOT_REACHED, out, err, isReached: code !== null && code !== NOT_REACHED };
}

/** What tar says last, whatever went wrong. */
const EPILOGUE = /^tar: (Exiting with failure|Error is not recoverable|Child returned)/;

/** What ssh, or the command there, said last, for a person. */
export function lastWords(err: string): string {
  const lines = err.trim().split('\n');
  return lines.findLast((line) => !EPILOGUE.test(line)) || 'the connection was lost';
}
