import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, readFile, readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { list, type ReadEntry } from 'tar';
import { MANIFEST_FILE } from '../../core/manifest';
import { digestText, type Entry } from '../../core/release-entries';
import { readIfThere } from '../files';

/** Everything that a release consists of. */
export type Content = Readonly<{
  entries: readonly Entry[];
  /** sha256 over all of it but what it says about itself */
  digest: string;
  /** text of its manifest; null: it has none */
  manifest: string | null;
}>;

/** More is no manifest of ours. */
const MAX_MANIFEST_BYTES = 65_536;
/** Files that are read at the same time. */
const READERS = 8;
/** A stream costs more than it saves below this. */
const SMALL_BYTES = 1_048_576;
const OWNER_EXECUTES = 0o100;

/** Reads a release that lies in a folder. */
export async function readFolder(home: string): Promise<Content> {
  const paths = (await readdir(home, { recursive: true })).sort();
  const entries: Entry[] = [];
  let next = 0;
  const reader = async (): Promise<void> => {
    for (let path = paths[next++]; path !== undefined; path = paths[next++]) {
      entries.push(await readEntry(home, path));
    }
  };
  await Promise.all(Array.from({ length: READERS }, reader));
  return contentOf(entries, await readIfThere(join(home, MANIFEST_FILE)));
}

async function readEntry(home: string, path: string): Promise<Entry> {
  const full = join(home, path);
  const found = await lstat(full);
  const bare = { path, bytes: 0, executable: false, content: '' };
  if (found.isDirectory()) return { ...bare, kind: 'folder' };
  if (found.isSymbolicLink()) return { ...bare, kind: 'link', content: await readlink(full) };
  if (!found.isFile()) return { ...bare, kind: 'other' };
  const executable = (found.mode & OWNER_EXECUTES) !== 0;
  return { path, kind: 'file', bytes: found.size, executable, content: await hashOf(full, found.size) };
}

async function hashOf(file: string, bytes: number): Promise<string> {
  const hash = createHash('sha256');
  if (bytes <= SMALL_BYTES) return hash.update(await readFile(file)).digest('hex');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

/**
 * Reads a tarball without unpacking it.
 *
 * @throws Error when it is no tarball, cut off or damaged
 */
export async function readArchive(file: string): Promise<Content> {
  const entries: (() => Entry)[] = [];
  const manifest: Buffer[] = [];
  await list({
    file,
    strict: true,
    onReadEntry: (entry) => {
      const path = pathOf(entry);
      if (path === '') return;
      entries.push(listen(entry, path));
      const isManifest = path === MANIFEST_FILE && entry.size <= MAX_MANIFEST_BYTES;
      if (isManifest) entry.on('data', (chunk: Buffer) => manifest.push(chunk));
    },
  });
  const text = manifest.length > 0 ? Buffer.concat(manifest).toString('utf8') : null;
  return contentOf(
    entries.map((finish) => finish()),
    text,
  );
}

/** @returns what makes the entry, when all of it has been read */
function listen(entry: ReadEntry, path: string): () => Entry {
  const kind = kindOf(entry);
  const hash = createHash('sha256');
  entry.on('data', (chunk: Buffer) => hash.update(chunk));
  const executable = ((entry.mode ?? 0) & OWNER_EXECUTES) !== 0;
  return () => {
    if (kind === 'file') return { path, kind, bytes: entry.size, executable, content: hash.digest('hex') };
    return {
      path,
      kind,
      bytes: 0,
      executable: false,
      content: kind === 'link' ? (entry.linkpath ?? '') : '',
    };
  };
}

function kindOf({ type }: ReadEntry): Entry['kind'] {
  if (type === 'File' || type === 'OldFile' || type === 'ContiguousFile') return 'file';
  if (type === 'Directory' || type === 'GNUDumpDir') return 'folder';
  return type === 'SymbolicLink' ? 'link' : 'other';
}

/** `tar` writes the names below a folder as `./name`, and folders with a slash at their end. */
function pathOf({ path }: ReadEntry): string {
  return path
    .replace(/^(\.\/)+/, '')
    .replace(/\/+$/, '')
    .replace(/^\.$/, '');
}

function contentOf(entries: readonly Entry[], manifest: string | null): Content {
  return { entries, digest: createHash('sha256').update(digestText(entries)).digest('hex'), manifest };
}
