import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { SLOTS } from '../../core/colour';
import { releasesToPrune, type Kept } from '../../core/prune';
import { findProcess } from '../drivers/driver';
import { syncFolder } from '../durable';
import type { Site } from '../site';
import { readState } from '../state-file';
import { archiveOf, clearDrafts, draftOf, idsOnShelf, isWorkedIn, readMark } from './shelf';

/**
 * Removes releases that nobody will go back to, with their tarballs. The release that serves does not need it, so that
 * trouble is a note.
 *
 * @returns what was removed, or why not; nothing when there was nothing to remove
 */
export async function prune(site: Site, { keep }: Readonly<{ keep: number }>): Promise<string | undefined> {
  const removed: string[] = [];
  try {
    await clearDrafts(site);
    for (const id of releasesToPrune(await unpacked(site), { keep, spared: await spared(site) })) {
      if (await remove(site, id)) removed.push(id);
    }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return `not all could be removed: ${why}`;
  }
  return removed.length > 0 ? `removed ${removed.join(', ')}` : undefined;
}

/** What this deployer has unpacked. What others put there is theirs. */
async function unpacked(site: Site): Promise<readonly Kept[]> {
  const { releasesDir, stateDir } = site.layout;
  const kept: Kept[] = [];
  for (const id of await idsOnShelf(site)) {
    const mark = await readMark(join(releasesDir, id));
    if (mark?.by === stateDir) kept.push({ id, at: mark.at });
  }
  return kept;
}

/** What is live, what a rollback would start, and what runs. */
async function spared(site: Site): Promise<readonly string[]> {
  const { state } = await readState(site.layout.stateFile);
  const running = await Promise.all(SLOTS.map((slot) => findProcess(site, slot)));
  const named = [state?.live.release, state?.previous?.release, ...running.map((one) => one?.release)];
  return named.filter((id) => id !== undefined);
}

/** The tarball first: it is known to be ours by the mark in the folder alone. */
async function remove(site: Site, id: string): Promise<boolean> {
  const home = join(site.layout.releasesDir, id);
  if (await isWorkedIn(home)) return false;
  await rm(archiveOf(site, id), { force: true });
  const draft = draftOf(site, 'remove', id);
  await rename(home, draft);
  await syncFolder(site.layout.releasesDir);
  await rm(draft, { recursive: true, force: true });
  return true;
}
