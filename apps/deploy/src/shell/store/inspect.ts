import { join, normalize, resolve } from 'node:path';
import { DeployError } from '../../core/errors';
import type { ReleaseFacts } from '../../core/facts';
import type { Candidate } from '../../core/fitness';
import { MANIFEST_FILE, parseManifest, type Manifest } from '../../core/manifest';
import { entryProblems } from '../../core/release-entries';
import { exists, isFolder, parseJson } from '../files';
import { findRelease, refuseNoId } from '../releases';
import type { Site } from '../site';
import { readArchive, readFolder, type Content } from './content';
import { lookForRoom } from './host';
import { archiveOf } from './shelf';

/** What a person asked for. */
export type DeployRequest = Readonly<{
  id: string;
  /** a tarball or a folder with the release; unset: the folder, the tarball or the build of that id */
  from?: string;
  /** that it must have */
  digest?: string;
  /** also when it is older than the live one */
  older?: boolean;
}>;

const DIGEST = /^[0-9a-f]{64}$/;

/** A release as it was found, and what there is to be said about it. */
export type Inspected = Readonly<{ release: ReleaseFacts; candidate: Candidate }>;

/**
 * Reads a release where it is: in its folder, in a tarball or a folder that it is yet to be fetched from, or the build;
 * with containers, in its image.
 *
 * @throws DeployError when there is none, or two of the same id
 */
export async function inspect(site: Site, request: DeployRequest): Promise<Inspected> {
  refuseNoId(request.id);
  const home = join(site.layout.releasesDir, request.id);
  const source = await sourceOf(site, request);
  const isImage = site.settings.driver.kind === 'container';
  if (!isImage && (await isFolder(home))) return inspectFolder(site, request, { home, source });
  if (source !== null) return inspectSource(site, request.id, source);
  const release = await findRelease(site, request.id);
  const candidate = { id: request.id, manifest: null, digest: release.fingerprint, problems: [], room: null };
  return { release, candidate };
}

/**
 * Refuses what a person has mistyped, before anybody is kept waiting.
 *
 * @throws DeployError when the id is none, or there is nothing of that name
 */
export async function refuseUnknown(site: Site, request: DeployRequest): Promise<void> {
  refuseNoId(request.id);
  if (request.digest !== undefined && !DIGEST.test(request.digest)) {
    throw new DeployError('usage', {
      what: '--digest: 64 hexadecimal digits, as npm run release prints them.',
    });
  }
  if ((await sourceOf(site, request)) === null) await findRelease(site, request.id);
}

/** @throws DeployError when an image is to be unpacked */
export function refuseUnpacking({ settings }: Site, { from }: DeployRequest): void {
  if (settings.driver.kind === 'container' && from !== undefined) {
    throw new DeployError('usage', {
      what: 'A release is an image here (driver.kind: container): nothing is unpacked.',
      left: 'Nothing was changed.',
      next: 'load or pull the image, then deploy without --from',
    });
  }
}

/** @returns what it would be fetched from, where it is not there yet */
async function sourceOf(site: Site, request: DeployRequest): Promise<string | null> {
  refuseUnpacking(site, request);
  const { id, from } = request;
  if (site.settings.driver.kind === 'container') return null;
  const beside = archiveOf(site, id);
  if (from === undefined) return (await exists(beside)) ? beside : null;
  const path = normalize(resolve(site.layout.projectDir, from));
  if (path === join(site.layout.releasesDir, id)) return null;
  if (await exists(path)) return path;
  throw new DeployError('usage', { what: `There is no ${path}.`, left: 'Nothing was changed.' });
}

type Places = Readonly<{ home: string; source: string | null }>;

async function inspectFolder(site: Site, request: DeployRequest, places: Places): Promise<Inspected> {
  const { id } = request;
  const release = await findRelease(site, id);
  const content = await readFolder(places.home);
  await refuseOther(places, content);
  const isSilent = content.manifest === null;
  const { manifest, problems } = isSilent ? SAYS_NOTHING : readAbout(content);
  // What somebody has put there by hand is known by its code, as it was before.
  const digest = isSilent && request.digest === undefined ? release.fingerprint : content.digest;
  return { release, candidate: { id, manifest, digest, problems, room: null } };
}

/** A corrected release under the old id would not be started: what is unpacked is. */
async function refuseOther({ home, source }: Places, { digest }: Content): Promise<void> {
  if (source === null) return;
  const other = await read(source);
  if (typeof other !== 'string' && other.digest === digest) return;
  const what = typeof other === 'string' ? other : `it has the digest ${other.digest}`;
  throw new DeployError('usage', {
    what: `${home} is there already (digest ${digest}), and of ${source} ${what}: an id stands for one release.`,
    left: 'Nothing was changed.',
    next: `give the new one an id of its own, or remove ${source}`,
  });
}

async function inspectSource(site: Site, id: string, source: string): Promise<Inspected> {
  const { entry, migrate } = site.settings.service;
  const content = await read(source);
  const isBroken = typeof content === 'string';
  const { entries, digest } = isBroken ? { entries: [], digest: '' } : content;
  const { manifest, problems } = isBroken ? { manifest: null, problems: [content] } : readAbout(content);
  const has = (path: string): boolean => entries.some((one) => one.path === normalize(path));
  const missing = isBroken || has(entry) ? [] : [`it has no ${entry} (service.entry)`];
  const candidate = {
    id,
    manifest,
    digest,
    problems: [...problems, ...missing],
    room: await lookForRoom(site, entries),
  };
  const migrates = migrate !== null && has(migrate);
  const release = { id, source: 'elsewhere', fingerprint: digest, migrates, fetchFrom: source } as const;
  return { release, candidate };
}

/** @returns why it cannot be read, in words, where it cannot */
async function read(source: string): Promise<Content | string> {
  try {
    return (await isFolder(source)) ? await readFolder(source) : await readArchive(source);
  } catch (error) {
    return `it cannot be read (${error instanceof Error ? error.message : String(error)})`;
  }
}

type About = Readonly<{ manifest: Manifest | null; problems: readonly string[] }>;

const SAYS_NOTHING: About = { manifest: null, problems: [] };

function readAbout({ entries, manifest }: Content): About {
  const problems = entryProblems(entries);
  if (manifest === null) return { manifest: null, problems: [...problems, `it has no ${MANIFEST_FILE}`] };
  const parsed = parseManifest(parseJson(manifest));
  if (parsed.ok) return { manifest: parsed.manifest, problems };
  return { manifest: null, problems: [...problems, parsed.problem] };
}
