import { createHash } from 'node:crypto';
import { readdir, readlink, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { MANIFEST_FILE, MARK_FILE, parseManifest, type Manifest } from '../../core/manifest';
import { RELEASE_ID } from '../../core/names';
import { isErrno, parseJson, readIfThere } from '../files';
import type { Site } from '../site';

const markSchema = z.object({ by: z.string(), at: z.iso.datetime(), digest: z.string() });

/** Who has unpacked a release, when, and what. Only what a deployer has unpacked itself is ever removed by it. */
export type Mark = Readonly<z.output<typeof markSchema>>;

/** The text of the mark that a release gets before it gets its name. */
export function markText({ layout }: Site, digest: string): string {
  return `${JSON.stringify({ by: layout.stateDir, at: new Date().toISOString(), digest } satisfies Mark)}\n`;
}

/** @returns the mark in the folder of a release; null: somebody else put it there */
export async function readMark(home: string): Promise<Mark | null> {
  const text = await readIfThere(join(home, MARK_FILE)).catch(() => null);
  return markSchema.safeParse(parseJson(text ?? '')).data ?? null;
}

/** @returns what the folder of a release says about it; null: nothing, or nothing that can be read */
export async function readManifest(home: string): Promise<Manifest | null> {
  const text = await readIfThere(join(home, MANIFEST_FILE)).catch(() => null);
  const parsed = parseManifest(parseJson(text ?? ''));
  return parsed.ok ? parsed.manifest : null;
}

/** Where a release is unpacked, or removed, while it has no name that anybody would start it by. */
export function draftOf(site: Site, purpose: 'unpack' | 'remove', id: string): string {
  return join(site.layout.releasesDir, `${draftPrefix(site)}${purpose}-${id}`);
}

/** Removes what a deployer that was killed has left half. To be called under the lock: the drafts of others differ. */
export async function clearDrafts(site: Site): Promise<void> {
  const { releasesDir } = site.layout;
  const names = (await namesIn(releasesDir)).filter((name) => name.startsWith(draftPrefix(site)));
  for (const name of names) await rm(join(releasesDir, name), { recursive: true, force: true });
}

/** @returns the ids of all that lies in the folder of the releases, tarballs left out */
export async function idsOnShelf({ layout }: Site): Promise<readonly string[]> {
  return (await namesIn(layout.releasesDir)).filter((name) => RELEASE_ID.test(name) && !isArchiveName(name));
}

export function isArchiveName(name: string): boolean {
  return name.endsWith('.tar.gz') || name.endsWith('.tgz');
}

/** The tarball of a release, where it lies beside the others. */
export function archiveOf({ layout }: Site, id: string): string {
  return join(layout.releasesDir, `${id}.tar.gz`);
}

/** @returns whether some process of this machine works in a folder; where that cannot be seen, none does */
export async function isWorkedIn(folder: string): Promise<boolean> {
  const pids = (await namesIn('/proc')).filter((name) => /^\d+$/.test(name));
  for (const pid of pids) {
    const cwd = await readlink(`/proc/${pid}/cwd`).catch(() => '');
    if (cwd === folder || cwd.startsWith(`${folder}/`)) return true;
  }
  return false;
}

/** Several sites may keep their releases in one folder. */
function draftPrefix({ layout }: Site): string {
  return `.${createHash('sha256').update(layout.stateDir).digest('hex').slice(0, 8)}-`;
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return [];
    throw error;
  }
}
