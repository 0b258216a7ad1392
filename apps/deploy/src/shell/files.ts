import { readFile, stat } from 'node:fs/promises';
import { DeployError } from '../core/errors';

/**
 * @returns null when there is no such file
 * @throws DeployError for one that is there and cannot be read
 */
export async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return null;
    throw unreadable(path, error);
  }
}

function unreadable(path: string, error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error;
  return new DeployError('needsHuman', {
    what: `${path} cannot be read: ${error.message}.`,
    left: 'Nothing was changed.',
    next: 'make it a file that this account may read, or move it away',
  });
}

export function isErrno(error: unknown, ...codes: readonly string[]): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && codes.includes(String(error.code));
}

/** @returns null for text that is not JSON */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** The last lines of a log, oldest first. */
export async function lastLines(path: string, count: number): Promise<readonly string[]> {
  const text = (await readIfThere(path)) ?? '';
  return text.trimEnd().split('\n').filter(Boolean).slice(-count);
}

/** @returns whether there is a folder of that name; a link to one counts */
export async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ENOTDIR')) return false;
    throw error;
  }
}

/** @returns whether there is anything of that name; a link to nothing does not count */
export async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ENOTDIR')) return false;
    throw error;
  }
}
