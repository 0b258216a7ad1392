import { open, readdir, rename, rm, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Replaces a file so that a reader, and a machine that lost its power, sees the old content or the new one. */
export async function writeDurably(path: string, text: string, mode = 0o644): Promise<void> {
  const draft = `${path}.${process.pid}.new`;
  try {
    await using(await open(draft, 'w', mode), async (file) => {
      await file.writeFile(text);
      await file.sync();
    });
    await rename(draft, path);
  } catch (error) {
    // On a full disk the draft itself would be in the way of whoever makes room.
    await rm(draft, { force: true });
    throw error;
  }
  await syncFolder(dirname(path));
}

/**
 * Adds a line that is on the disk when this returns. Half a line, of a disk that was full or a machine that lost its
 * power, never spoils the next one.
 */
export async function appendDurably(path: string, line: string): Promise<void> {
  await using(await open(path, 'a+', 0o644), async (file) => {
    const { size } = await file.stat();
    try {
      await file.appendFile(`${(await endsInLine(file)) ? '' : '\n'}${line}\n`);
      await file.sync();
    } catch (error) {
      await file.truncate(size);
      throw error;
    }
  });
}

async function endsInLine(file: FileHandle): Promise<boolean> {
  const { size } = await file.stat();
  if (size === 0) return true;
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1);
  return buffer.toString('latin1') === '\n';
}

/**
 * Removes the drafts that dead deployers have left in a folder: written, and never renamed. For the holder of the lock
 * alone, who has none of its own yet.
 */
export async function removeDrafts(folder: string): Promise<void> {
  const drafts = (await readdir(folder)).filter((name) => /\.\d+\.new$/.test(name));
  await Promise.all(drafts.map((name) => rm(join(folder, name), { force: true })));
}

/** Makes names that were created, renamed or removed in a folder outlive a power loss. */
export async function syncFolder(path: string): Promise<void> {
  await using(await open(path, 'r'), (folder) => folder.sync());
}

async function using(file: FileHandle, work: (file: FileHandle) => Promise<void>): Promise<void> {
  try {
    await work(file);
  } finally {
    await file.close();
  }
}
