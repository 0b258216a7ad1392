import { hash } from 'node:crypto';

/** A JSON answer as it goes out, and the tag by which one who has it knows it again. */
export interface Tagged {
  readonly body: string;
  /** Strong: equal tags are equal bytes. */
  readonly tag: string;
}

const TAG = /(?:W\/)?("[\x21\x23-\x7e\x80-\xff]*")/g;

/** Writes an answer down. The tag comes from nothing but the bytes, so whatever changes the answer changes it. */
export function tagged(view: object): Tagged {
  const body = JSON.stringify(view);
  return { body, tag: `"${hash('sha256', body, 'base64url')}"` };
}

/**
 * Whether a caller has said that it holds the answer with this tag (RFC 9110, 13.1.2: a list of tags, compared weakly,
 * since a proxy that compresses makes them weak; or `*`).
 *
 * @param header `If-None-Match`
 */
export function isHeld(tag: string, header: string | undefined): boolean {
  if (header === undefined) return false;
  if (header === tag || header.trim() === '*') return true;
  for (const [, held] of header.matchAll(TAG)) if (held === tag) return true;
  return false;
}
