// @ts-check
import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dataDir } from './paths.mjs';
import { readIfThere } from './files.mjs';

/**
 * The key of access tokens for a machine of one's own: made once and kept, or every restart would log guests out.
 * Its first word lets a server in production refuse it.
 *
 * @param {string} [folder] the data folder
 * @returns {string}
 */
export function developmentSecret(folder = dataDir()) {
  const path = join(folder, 'development-secret');
  const kept = readIfThere(path)?.trim();
  if (kept) return kept;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const draft = `${path}.${process.pid}.new`;
  writeFileSync(draft, `development-${randomBytes(32).toString('hex')}\n`, { mode: 0o600 });
  // link(2) refuses when another process was faster: then its secret counts, and both have the same one.
  try {
    linkSync(draft, path);
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft, { force: true });
  }
  return developmentSecret(folder);
}
