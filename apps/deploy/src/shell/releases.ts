import { createHash } from 'node:crypto';
import { readFile, readdir, stat } from 'node:fs/promises';
import { isAbsolute, join, resolve } from 'node:path';
import { DeployError } from '../core/errors';
import type { ReleaseFacts } from '../core/facts';
import { RELEASE_ID } from '../core/names';
import { isErrno } from './files';
import type { Site } from './site';

/**
 * Looks for a release: a folder of its own, or else the current build.
 *
 * @throws DeployError when the id is not one, or nothing can be started under it
 */
export async function findRelease(site: Site, id: string): Promise<ReleaseFacts> {
  if (!RELEASE_ID.test(id)) {
    throw new DeployError('usage', {
      what: `${JSON.stringify(id)} is not a release id: 1 to 64 letters, digits, dots, dashes or underscores.`,
    });
  }
  const found = await lookUp(site, id);
  if (found) return found;
  throw new DeployError('usage', {
    what: `There is no release ${id}: neither ${site.layout.releasesDir}/${id} nor the build has ${site.settings.service.entry}.`,
    left: 'Nothing was changed.',
    next: 'npm run build, or put the release into its folder',
  });
}

/** @returns the release as it is found today, or null */
export async function lookUp(site: Site, id: string): Promise<ReleaseFacts | null> {
  const { entry, migrate } = site.settings.service;
  const source = (await exists(join(site.layout.releasesDir, id))) ? 'folder' : 'build';
  const home = homeOf(site, id, source);
  if (!(await exists(resolve(home, entry)))) return null;
  const migrates = migrate !== null && (await exists(resolve(home, migrate)));
  return { id, source, fingerprint: await fingerprintOf(home, entry), migrates };
}

/** The folder that a release is started in. */
export async function releaseHome(site: Site, id: string): Promise<string> {
  return homeOf(site, id, (await exists(join(site.layout.releasesDir, id))) ? 'folder' : 'build');
}

function homeOf({ layout }: Site, id: string, source: ReleaseFacts['source']): string {
  return source === 'folder' ? join(layout.releasesDir, id) : layout.projectDir;
}

/** A digest over the code: everything beside the entry in its top folder (`dist`), maps and stamps left out. */
async function fingerprintOf(home: string, entry: string): Promise<string> {
  const [first = entry] = entry.split('/');
  const top = resolve(home, isAbsolute(entry) ? entry : first);
  const isFolder = (await stat(top)).isDirectory();
  const names = isFolder ? (await readdir(top, { recursive: true })).filter(isCode).sort() : [''];
  const hash = createHash('sha256');
  for (const name of names) hash.update(`${name}\0`).update(await readFile(join(top, name)));
  return hash.digest('hex').slice(0, 16);
}

function isCode(name: string): boolean {
  return /\.(c|m)?js(on)?$/.test(name);
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ENOTDIR')) return false;
    throw error;
  }
}
