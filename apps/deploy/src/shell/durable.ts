import { type FileHandle, open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Replaces a file so that a reader, and a machine that lost its power, sees the old content or the new one. */
export async function writeDurably(path: string, text: string, mode = 0o644): Promise<void> {
  const draft = `${path}.${process.pid}.new`;
  await using(await open(draft, 'w', mode), async (file) => {
    await file.writeFile(text);
    await file.sync();
  });
  await rename(draft, path);
  await syncFolder(dirname(path));
}

/** Adds a line that is on the disk when this returns. */
export async function appendDurably(path: string, line: string): Promise<void> {
  await using(await open(path, 'a', 0o644), async (file) => {
    await file.appendFile(`${line}\n`);
    await file.sync();
  });
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
