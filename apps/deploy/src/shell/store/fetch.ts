import { chmod, constants, cp, mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { extract } from 'tar';
import type { Target } from '../../core/colour';
import { DeployError } from '../../core/errors';
import { CARRIED_NODE, MARK_FILE, type Manifest } from '../../core/manifest';
import { runCommand } from '../command';
import { syncFolder } from '../durable';
import { isErrno } from '../files';
import type { Site } from '../site';
import { readFolder } from './content';
import { clearDrafts, draftOf, markText, readManifest, readMark } from './shelf';

/** What is unpacked: a tarball or a folder, and the digest that it had when it was found fit. */
export type Fetch = Readonly<{ to: Target; source: string; digest: string }>;

/** Everybody may read a release, and only its owner may change it. */
const FOLDER_MODE = 0o755;

/**
 * Puts a release beside the others. It gets its name only when all of it is there, on the disk, and is what was found
 * fit; until then it is a draft, which the next command removes.
 *
 * @throws DeployError when it cannot be unpacked; nothing of it is left then
 */
export async function fetchRelease(site: Site, { to, source, digest }: Fetch): Promise<string> {
  const home = join(site.layout.releasesDir, to.release);
  if ((await readMark(home))?.digest === digest) return 'it is there already';
  await clearDrafts(site);
  const draft = draftOf(site, 'unpack', to.release);
  try {
    await mkdir(draft, { recursive: true });
    await chmod(draft, FOLDER_MODE);
    await copyInto(draft, source);
    await check(draft, digest);
    await writeFile(join(draft, MARK_FILE), markText(site, digest));
    await flush(draft);
    await rename(draft, home);
    await syncFolder(site.layout.releasesDir);
  } catch (error) {
    // Files that were being written when one failed may still come to their end; what is left, the next command clears.
    await rm(draft, { recursive: true, force: true, maxRetries: 10, retryDelay: 20 }).catch(() => undefined);
    throw refusal(to.release, source, error);
  }
  return `from ${source}`;
}

async function copyInto(draft: string, source: string): Promise<void> {
  if ((await stat(source)).isDirectory()) {
    const mode = constants.COPYFILE_FICLONE;
    await cp(source, draft, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true, mode });
    return;
  }
  await extract({ file: source, cwd: draft, strict: true, preserveOwner: false, chmod: true });
}

/** What lies on the disk now is what counts, not what was read. */
async function check(draft: string, digest: string): Promise<void> {
  const found = await readFolder(draft);
  if (found.digest !== digest) {
    throw new Error(`its digest is ${found.digest} by now, and it was ${digest}: it was changed meanwhile`);
  }
  const manifest = await readManifest(draft);
  if (manifest && manifest.node.carried !== null) await checkCarriedNode(draft, manifest);
}

/** A node for another C library, or a disk that nothing may be run from: better known now than at the start. */
async function checkCarriedNode(draft: string, { node }: Manifest): Promise<void> {
  const { code, output } = await runCommand([join(draft, CARRIED_NODE)], ['--version']).catch(asOutput);
  const version = output.trim().replace(/^v/, '');
  if (code === 0 && version === node.carried) return;
  throw new Error(`the node that it carries does not run here (${version.split('\n')[0] ?? ''})`);
}

function asOutput(error: unknown): Awaited<ReturnType<typeof runCommand>> {
  return { code: 1, output: error instanceof Error ? error.message : String(error) };
}

/** The name must not be there before the files are, should the power fail. Where `sync -f` is unknown, it may be. */
async function flush(draft: string): Promise<void> {
  await runCommand(['sync'], ['-f', draft]).catch(() => undefined);
}

function refusal(id: string, source: string, error: unknown): DeployError {
  const isFull = isErrno(error, 'ENOSPC', 'EDQUOT');
  const why = error instanceof Error ? error.message : String(error);
  return new DeployError('unhealthy', {
    what: `Release ${id} cannot be unpacked from ${source}: ${isFull ? `the disk is full (${why})` : why}.`,
    next: isFull ? `make room, then: npm run deploy -- deploy ${id}` : `build ${id} anew and deploy it again`,
  });
}
