import { createHash, randomBytes } from 'node:crypto';

const BYTES = 32;

/** A text that nobody can guess: who knows it may read the feed. */
export function drawFeedToken(): string {
  return randomBytes(BYTES).toString('base64url');
}

/** SHA-256: what is stored, since a copy of the database must open nobody's calendar. */
export function hashFeedToken(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
