import { lstat, readlink, rename, rm, symlink } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { Colour, Placed } from '../../core/colour';
import { colourOfSocket, socketName } from '../../core/names';
import { syncFolder } from '../durable';
import { isErrno } from '../files';
import type { Traffic } from './traffic';

/** By a symbolic link that nginx follows at each connect: no reload, ever. */
export const byLink: Traffic = {
  where: ({ layout }) => colourBehind(layout.liveLink),
  point: ({ layout }, to) => pointLinkAt(layout.liveLink, to),
  restore: ({ layout }, to) => pointLinkAt(layout.liveLink, to),
  pointedAtMs: async ({ layout }) => (await lstat(layout.liveLink)).mtimeMs,
  prepare: () => Promise.resolve(),
  forget: ({ layout }) => rm(layout.liveLink, { force: true }),
  lingering: () => Promise.resolve(null),
};

/** @returns the colour that the link points at; null when there is no link of ours */
async function colourBehind(link: string): Promise<Colour | null> {
  try {
    return colourOfSocket(basename(await readlink(link)));
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'EINVAL')) return null;
    throw error;
  }
}

/**
 * Moves all traffic at once: rename(2) replaces the old link in one step, and nginx resolves the name at each
 * connect. The link is relative, so that the folder may be moved.
 */
export async function pointLinkAt(link: string, target: Placed): Promise<void> {
  const draft = `${link}.${process.pid}.new`;
  await rm(draft, { force: true });
  await symlink(socketName(target), draft);
  await rename(draft, link);
  await syncFolder(dirname(link));
}
