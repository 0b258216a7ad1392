// @ts-check
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/**
 * Replaces a file in one step, so that nobody ever reads half of it. Its folder is made when missing.
 *
 * @param {string} path
 * @param {string} text
 * @param {number} [mode] access bits of a new file
 */
export function writeFileAtomically(path, text, mode = 0o644) {
  mkdirSync(dirname(path), { recursive: true });
  const draft = `${path}.${process.pid}.new`;
  writeFileSync(draft, text, { mode });
  renameSync(draft, path);
}

/**
 * @param {string} path
 * @returns {string | undefined} undefined when the file cannot be read
 */
export function readIfThere(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/**
 * @param {string} folder
 * @returns {string[]} every file below, sorted; none when the folder is missing
 */
export function listFiles(folder) {
  try {
    const entries = readdirSync(folder, { withFileTypes: true, recursive: true });
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
      .sort();
  } catch {
    return [];
  }
}

/**
 * @param {string} root
 * @param {readonly string[]} paths of files below it
 * @returns {string} a hash over their names and contents, the same wherever the root is
 */
export function hashOfFiles(root, paths) {
  const hash = createHash('sha256');
  for (const path of paths) {
    const content = readFileSync(path);
    hash.update(`${relative(root, path)}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}
