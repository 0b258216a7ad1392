import { readlink, rename, rm, symlink } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { Colour, Target } from '../core/colour';
import { colourOfSocket, socketName } from '../core/names';
import { syncFolder } from './durable';
import { isErrno } from './files';

/** @returns the colour that the link points at, and the name of its socket; null when there is no link of ours */
export async function readLink(link: string): Promise<Readonly<{ colour: Colour; socket: string }> | null> {
  try {
    const socket = basename(await readlink(link));
    const colour = colourOfSocket(socket);
    return colour && { colour, socket };
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'EINVAL')) return null;
    throw error;
  }
}

/**
 * Moves all traffic at once: rename(2) replaces the old link in one step, and nginx resolves the name at each
 * connect. The link is relative, so that the folder may be moved.
 */
export async function pointLinkAt(link: string, target: Target): Promise<void> {
  const draft = `${link}.${process.pid}.new`;
  await rm(draft, { force: true });
  await symlink(socketName(target), draft);
  await rename(draft, link);
  await syncFolder(dirname(link));
}
