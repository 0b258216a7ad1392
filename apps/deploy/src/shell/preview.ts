import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readdir, readlink, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Target } from '../core/colour';
import { colourOfSocket } from '../core/names';
import { PREVIEW_WORD } from '../core/nginx-preview';
import { bucketsOf, type Preview } from '../core/preview';
import { writeDurably } from './durable';
import { isErrno, readIfThere } from './files';
import type { Site } from './site';
import { pointLinkAt } from './traffic/live-link';

const SECRET_BYTES = 32;

/** @returns who is shown the idle colour; null: nobody is */
export async function readPreview({ layout }: Site): Promise<Preview | null> {
  try {
    const colour = colourOfSocket(basename(await readlink(layout.previewLink)));
    const parts = await readdir(layout.shareDir).catch(() => []);
    return colour && { colour, percent: parts.length };
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'EINVAL')) return null;
    throw error;
  }
}

/**
 * Shows a colour to whoever has a token, and to a share of people. As at a switch the link is all that changes: no reload.
 *
 * @param percent of people without a token
 */
export async function showPreview({ layout }: Site, to: Target, percent: number): Promise<void> {
  const wanted = bucketsOf(percent);
  await mkdir(layout.shareDir, { recursive: true, mode: 0o750 });
  await pointLinkAt(layout.previewLink, to);
  for (const name of await readdir(layout.shareDir)) {
    if (!wanted.includes(name)) await rm(join(layout.shareDir, name), { force: true });
  }
  for (const name of wanted) await writeFile(join(layout.shareDir, name), '');
}

/** From the next request on everybody meets the live colour. */
export async function endPreview({ layout }: Site): Promise<void> {
  await rm(layout.shareDir, { recursive: true, force: true });
  await rm(layout.previewLink, { force: true });
}

/** @returns the secret that signs tokens; empty while there is none */
export async function readPreviewSecret({ layout }: Site): Promise<string> {
  return (await readIfThere(layout.previewSecret)) ?? '';
}

/** Makes the secret where previews are wanted and there is none yet. */
export async function ensurePreviewSecret(site: Site): Promise<void> {
  if (site.settings.nginx.preview === null || (await readPreviewSecret(site)) !== '') return;
  await writeDurably(site.layout.previewSecret, randomBytes(SECRET_BYTES).toString('hex'), 0o600);
}

/** What is shown to be let see a preview: `<expires>.<signature>`, as nginx's secure_link module checks it. */
export type PreviewToken = Readonly<{ token: string; expiresAt: string }>;

/** Each is good for `nginx.preview.tokenHours`, whatever is previewed then. */
export async function makePreviewToken(site: Site): Promise<PreviewToken> {
  const hours = site.settings.nginx.preview?.tokenHours ?? 0;
  const expires = Math.floor(Date.now() / 1_000) + hours * 3_600;
  const text = `${expires} ${PREVIEW_WORD} ${await readPreviewSecret(site)}`;
  const signature = createHash('md5').update(text).digest('base64url');
  return { token: `${expires}.${signature}`, expiresAt: new Date(expires * 1_000).toISOString() };
}
