import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Header } from 'tar';
import type { Manifest } from '../../../apps/deploy/src/core/manifest';
import { packFolder, sealFolder, type About } from '../../../apps/deploy/src/shell/store/pack';
import { ROOT } from '../../../scripts/lib/paths.mjs';
import type { Lab } from './lab';

const FIXTURE = join(ROOT, 'test/support/deploy-fixture/service.mjs');

/** What a lab needs so that its releases bring the service along. */
export const FROM_RELEASES = { service: { entry: 'dist/service.mjs', migrate: null } };

export type Made = Readonly<{ folder: string; file: string; manifest: Manifest }>;

type Changes = Partial<About> & Readonly<{ files?: Readonly<Record<string, string>> }>;

/** The service of the fixture as a release, packed by the code that packs real ones, in a folder beside the lab's own. */
export async function makeRelease(
  lab: Pick<Lab, 'dir'>,
  id: string,
  { files = {}, ...about }: Changes = {},
): Promise<Made> {
  const folder = join(lab.dir, 'made', id);
  await rm(folder, { recursive: true, force: true });
  const service = `// release ${id}\nimport ${JSON.stringify(FIXTURE)};\n`;
  for (const [name, text] of Object.entries({ 'dist/service.mjs': service, ...files })) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  const manifest = await sealFolder(folder, { ...usual(id), ...about });
  const file = join(lab.dir, 'made', `${id}.tar.gz`);
  await packFolder(folder, file);
  return { folder, file, manifest };
}

function usual(id: string): About {
  return {
    id,
    createdAt: new Date().toISOString(),
    commit: null,
    platform: `${process.platform}-${process.arch}`,
    node: { major: Number(process.versions.node.split('.')[0]), least: '20.0', carried: null },
    migrations: null,
  };
}

export type RawEntry = Readonly<{
  path: string;
  type?: 'File' | 'SymbolicLink' | 'Link' | 'FIFO';
  linkpath?: string;
  text?: string;
}>;

const BLOCK = 512;

/** A tarball as no honest tool would write it. */
export function rawTarball(entries: readonly RawEntry[]): Buffer {
  const parts = entries.flatMap(({ path, type = 'File', linkpath, text = '' }) => {
    const body = Buffer.from(text);
    const header = new Header({ path, type, linkpath, size: body.length, mode: 0o644, mtime: new Date(0) });
    header.encode();
    const rest = Buffer.alloc((BLOCK - (body.length % BLOCK)) % BLOCK);
    return [header.block ?? Buffer.alloc(BLOCK), body, rest];
  });
  return gzipSync(Buffer.concat([...parts, Buffer.alloc(2 * BLOCK)]));
}
