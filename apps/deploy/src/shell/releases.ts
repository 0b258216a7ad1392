import { createHash } from 'node:crypto';
import { readFile, readdir, stat } from 'node:fs/promises';
import { isAbsolute, join, resolve } from 'node:path';
import { imageOf } from '../core/containers';
import { DeployError } from '../core/errors';
import type { ReleaseFacts } from '../core/facts';
import { CARRIED_NODE, MANIFEST_FILE } from '../core/manifest';
import { RELEASE_ID } from '../core/names';
import { exists, isFolder } from './files';
import type { Site } from './site';
import { readFolder } from './store/content';
import { lookUpImage } from './store/images';
import { isArchiveName, readManifest } from './store/shelf';

/**
 * Looks for a release: a folder of its own, or else the current build.
 *
 * @throws DeployError when the id is not one, or nothing can be started under it
 */
export async function findRelease(site: Site, id: string): Promise<ReleaseFacts> {
  refuseNoId(id);
  const found = await lookUp(site, id);
  if (found) return found;
  throw new DeployError('usage', { ...(await missing(site, id)), left: 'Nothing was changed.' });
}

async function missing(site: Site, id: string): Promise<Readonly<{ what: string; next: string }>> {
  const { layout, settings } = site;
  const { driver, service } = settings;
  if (driver.kind === 'container') {
    const image = imageOf(driver, id);
    return {
      what: `There is no release ${id}: no image ${image} on this machine.`,
      next: `build it (see Containerfile), or: ${driver.command.join(' ')} pull ${image}`,
    };
  }
  const other = (await readManifest(layout.projectDir))?.id;
  if (other !== undefined && other !== id) {
    return {
      what: `There is no release ${id}: ${layout.releasesDir} has neither ${id} nor ${id}.tar.gz, and ${layout.projectDir} is release ${other}.`,
      next: 'correct the id, put the release there, or name its tarball with --from <file>',
    };
  }
  return {
    what: `There is no release ${id}: neither ${layout.releasesDir}/${id} nor the build has ${service.entry}.`,
    next: `npm run build, or put the release there: ${id}.tar.gz of npm run release, or its folder`,
  };
}

/** @throws DeployError for text that is no release id */
export function refuseNoId(id: string): void {
  if (!RELEASE_ID.test(id)) {
    throw new DeployError('usage', {
      what: `${JSON.stringify(id)} is not a release id: 1 to 64 letters, digits, dots, dashes or underscores.`,
    });
  }
  if (!isArchiveName(id)) return;
  const bare = id.replace(/\.(tar\.gz|tgz)$/, '');
  throw new DeployError('usage', {
    what: `${id} is a tarball; a release is called without its ending.`,
    next: `npm run deploy -- deploy ${bare}, for a tarball beside the others, or with --from <file>`,
  });
}

/** @returns the release as it is found today, or null */
export async function lookUp(site: Site, id: string): Promise<ReleaseFacts | null> {
  const { driver, service } = site.settings;
  if (driver.kind === 'container') return lookUpImage(site, driver, id);
  const { entry, migrate } = service;
  const { source, home } = await placeOf(site, id);
  if (!(await exists(resolve(home, entry)))) return null;
  if (source === 'build' && (await isOtherRelease(home, id))) return null;
  const migrates = migrate !== null && (await exists(resolve(home, migrate)));
  const isSealed = source === 'folder' && (await exists(join(home, MANIFEST_FILE)));
  const fingerprint = isSealed ? (await readFolder(home)).digest : await fingerprintOf(home, entry);
  return { id, source, fingerprint, migrates };
}

/** On a server the project's folder is an unpacked release: it is that one alone, and no build of whatever is asked for. */
async function isOtherRelease(home: string, id: string): Promise<boolean> {
  const manifest = await readManifest(home);
  return manifest !== null && manifest.id !== id;
}

/** What is recorded of a release that was proven fit: its manifest is believed here. */
export async function identify(
  site: Site,
  id: string,
): Promise<Readonly<{ fingerprint: string; source: 'folder' | 'build' | 'image' }>> {
  if (site.settings.driver.kind === 'container') {
    return { fingerprint: (await lookUp(site, id))?.fingerprint ?? '', source: 'image' };
  }
  const { source, home } = await placeOf(site, id);
  const manifest = source === 'folder' ? await readManifest(home) : null;
  const fingerprint = manifest?.digest ?? (await lookUp(site, id))?.fingerprint ?? '';
  return { fingerprint, source };
}

/** The folder that a release is started in. */
export async function releaseHome(site: Site, id: string): Promise<string> {
  return (await placeOf(site, id)).home;
}

/** The node that a release is started and migrated with: its own, where it carries one, else that of this tool. */
export async function releaseNode(site: Site, id: string): Promise<string> {
  const { source, home } = await placeOf(site, id);
  const carried = source === 'folder' && (await readManifest(home))?.node.carried;
  return carried ? join(home, CARRIED_NODE) : process.execPath;
}

async function placeOf(
  { layout }: Site,
  id: string,
): Promise<Readonly<{ source: 'folder' | 'build'; home: string }>> {
  const folder = join(layout.releasesDir, id);
  return (await isFolder(folder))
    ? { source: 'folder', home: folder }
    : { source: 'build', home: layout.projectDir };
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
