import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { connect } from 'node:net';
import { runningPids } from './drivers/group';
import type { Endpoint } from './http';
import { commandLineOf } from './process-identity';

/** A listener that is too busy to accept is there all the same: the kernel answers for it. */
const CONNECT_TIMEOUT_MS = 2_000;

/** @returns who listens there, in words; null when nobody does */
export async function whoListensOn(endpoint: Endpoint): Promise<string | null> {
  if (!(await isTaken(endpoint))) return null;
  const pid =
    'socketPath' in endpoint
      ? holderOf(inodeOfSocket(endpoint.socketPath))
      : holderOf(inodeOfPort(endpoint.port));
  return pid === null
    ? 'a process of another account'
    : `process ${pid} (${(commandLineOf(pid) ?? '').trim()})`;
}

function isTaken(endpoint: Endpoint): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect('socketPath' in endpoint ? { path: endpoint.socketPath } : endpoint);
    const finish = (answer: boolean) => () => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(CONNECT_TIMEOUT_MS, finish(true));
    socket.on('connect', finish(true)).on('error', finish(false));
  });
}

function inodeOfSocket(path: string): string | null {
  // What it has accepted goes by the same name.
  const LISTENS = '00010000';
  const fields = linesOf('/proc/net/unix').find((line) => line[7] === path && line[3] === LISTENS);
  return fields?.[6] ?? null;
}

function inodeOfPort(port: number): string | null {
  const end = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const LISTENS = '0A';
  const lines = [...linesOf('/proc/net/tcp'), ...linesOf('/proc/net/tcp6')];
  return lines.find((line) => line[1]?.endsWith(end) && line[3] === LISTENS)?.[9] ?? null;
}

function linesOf(path: string): readonly (readonly string[])[] {
  try {
    return readFileSync(path, 'utf8')
      .split('\n')
      .map((line) => line.trim().split(/\s+/));
  } catch {
    return [];
  }
}

function holderOf(inode: string | null): number | null {
  if (inode === null) return null;
  return runningPids().find((pid) => descriptorsOf(pid).includes(`socket:[${inode}]`)) ?? null;
}

function descriptorsOf(pid: number): readonly string[] {
  return listOf(`/proc/${pid}/fd`).map((fd) => targetOf(`/proc/${pid}/fd/${fd}`));
}

function listOf(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** A descriptor may be closed while it is looked at. */
function targetOf(link: string): string {
  try {
    return readlinkSync(link);
  } catch {
    return '';
  }
}
