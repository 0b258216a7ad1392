// @ts-check
import { lstatSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { readIfThere, writeFileAtomically } from './files.mjs';

/** The kernel's limit is 107 bytes; macOS has 103. */
const MAX_SOCKET_PATH_BYTES = 100;
const SHORT_PREFIX = 'haru-db-';

/**
 * Decides where the server's socket goes: into its own folder, or into a short private one when the folder's name is
 * too long for a socket.
 *
 * @param {string} home
 * @returns {string}
 */
export function placeSocket(home) {
  const kept = rememberedSocket(home);
  if (kept !== undefined && isPrivate(dirname(kept))) return kept;
  const near = join(home, 'm.sock');
  const socket = isShort(near) ? near : join(mkdtempSync(join(shortFolder(), SHORT_PREFIX)), 'm.sock');
  mkdirSync(home, { recursive: true, mode: 0o700 });
  writeFileAtomically(noteOf(home), `${socket}\n`);
  return socket;
}

/**
 * @param {string} home
 * @returns {string | undefined} where the socket was put the last time
 */
export function rememberedSocket(home) {
  return readIfThere(noteOf(home))?.trim() || undefined;
}

/**
 * Removes the note and, if there is one, the short folder.
 *
 * @param {string} home
 */
export function forgetSocket(home) {
  const folder = dirname(rememberedSocket(home) ?? '');
  if (folder !== home && isPrivate(folder) && folder.includes(SHORT_PREFIX)) {
    rmSync(folder, { recursive: true, force: true });
  }
  rmSync(noteOf(home), { force: true });
}

/** @param {string} path */
function isShort(path) {
  return Buffer.byteLength(path) <= MAX_SOCKET_PATH_BYTES;
}

/** On macOS the temp folder's own name takes half of the limit. */
function shortFolder() {
  return isShort(join(tmpdir(), `${SHORT_PREFIX}xxxxxx`, 'm.sock')) ? tmpdir() : '/tmp';
}

/**
 * Somebody else may have made a folder of the remembered name after a reboot.
 *
 * @param {string} folder
 */
function isPrivate(folder) {
  try {
    const stat = lstatSync(folder);
    return stat.isDirectory() && stat.uid === process.getuid?.();
  } catch {
    return false;
  }
}

/** @param {string} home */
function noteOf(home) {
  return join(home, 'socket-path');
}
