import { readFile } from 'node:fs/promises';

/** @returns null when there is no such file */
export async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return null;
    throw error;
  }
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
