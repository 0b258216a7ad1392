import { missingVariables } from '@app/config';
import { open, statfs } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { ok, problem, type Check } from '../../core/checks';
import type { Host, Room } from '../../core/fitness';
import type { Entry } from '../../core/release-entries';
import { isErrno, readIfThere } from '../files';
import type { Site } from '../site';

const MIB = 1_048_576;

/** What a release would meet here. */
export async function lookAtHost(site: Site): Promise<Host> {
  const { settings, layout } = site;
  const { requires, secrets } = settings.service;
  const unreadable: string[] = [];
  for (const file of secrets) {
    const why = await whyUnreadable(resolve(layout.projectDir, file));
    if (why !== null) unreadable.push(`${file} (${why})`);
  }
  return {
    node: process.versions.node,
    platform: `${process.platform}-${process.arch}`,
    missingVariables: await missing(site, requires),
    unreadableSecrets: unreadable,
  };
}

/** Units and containers get nothing of the environment of this process, but that of a file. */
async function missing({ settings: { driver } }: Site, names: readonly string[]): Promise<readonly string[]> {
  if (driver.kind === 'process') return missingVariables(names);
  const { environmentFile } = driver;
  const text = environmentFile === null ? '' : await readIfThere(environmentFile).catch(() => null);
  const set = new Set((text ?? '').split('\n').map((line) => /^\s*(\w+)=./.exec(line)?.[1]));
  return names.filter((name) => !set.has(name));
}

/** Read, and not only asked about: what the rights say and what the kernel allows may differ. */
async function whyUnreadable(file: string): Promise<string | null> {
  try {
    const handle = await open(file, 'r');
    try {
      const { bytesRead } = await handle.read(Buffer.alloc(1), 0, 1, 0);
      return bytesRead === 0 ? 'it is empty' : null;
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return 'there is none';
    return error instanceof Error ? error.message : String(error);
  }
}

/** What it takes to unpack these, in whole blocks, and what there is. */
export async function lookForRoom({ settings, layout }: Site, entries: readonly Entry[]): Promise<Room> {
  const folder = layout.releasesDir;
  const { bavail, bsize } = await statfs(await nearestFolder(folder));
  const blocks = entries.map(({ bytes }) => Math.max(1, Math.ceil(bytes / bsize)));
  const needed = blocks.reduce((sum, count) => sum + count, 0) * bsize;
  return { needed, reserve: settings.releases.reserveMiB * MIB, free: bavail * bsize, folder };
}

/** A folder that is not there yet will be made in the nearest one above that is. */
async function nearestFolder(path: string): Promise<string> {
  try {
    await statfs(path);
    return path;
  } catch (error) {
    if (!isErrno(error, 'ENOENT') || dirname(path) === path) throw error;
    return nearestFolder(dirname(path));
  }
}

/** Whether all is there that the settings say releases need. */
export async function checkNeeds(site: Site): Promise<Check> {
  const { missingVariables: variables, unreadableSecrets } = await lookAtHost(site);
  const lacking = [...variables.map((name) => `no ${name} in the environment`), ...unreadableSecrets];
  const { requires, secrets } = site.settings.service;
  if (lacking.length === 0) return ok('needs', `${requires.length + secrets.length} of the settings`);
  return problem('needs', lacking.join(', '), 'set them, or correct service.requires and service.secrets');
}
