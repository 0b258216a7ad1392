import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { create } from 'tar';
import { MANIFEST_FILE, MANIFEST_SCHEMA, type Manifest } from '../../core/manifest';
import { readFolder } from './content';

/** What a release is made with, besides what lies in its folder. */
export type About = Omit<Manifest, 'schema' | 'digest'>;

/** So that the same content gives the same bytes. */
const NO_TIME = new Date(0);

/** Completes a folder to a release: writes its manifest. */
export async function sealFolder(folder: string, about: About): Promise<Manifest> {
  const { digest } = await readFolder(folder);
  const manifest = { schema: MANIFEST_SCHEMA, ...about, digest } as const;
  await writeFile(join(folder, MANIFEST_FILE), `${JSON.stringify(manifest, null, 2)}\n`);
  return manifest;
}

/** Packs the folder of a release. The manifest comes first, and the rest by name. */
export async function packFolder(folder: string, file: string): Promise<void> {
  const all = await readdir(folder, { recursive: true });
  const names = all.filter((name) => name !== MANIFEST_FILE).sort();
  const options = { gzip: true, portable: true, noDirRecurse: true, mtime: NO_TIME } as const;
  await create({ file, cwd: folder, ...options }, [MANIFEST_FILE, ...names]);
}
