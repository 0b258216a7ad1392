import { createHash, randomBytes } from 'node:crypto';

const BYTES = 32;

/** A text that nobody can guess: who shows it is let in. */
export function drawSecretText(): string {
  return randomBytes(BYTES).toString('base64url');
}

/**
 * What is stored of a text that nobody can guess: a copy of the database lets nobody in. SHA-256 is enough, since there
 * is nothing to be tried out.
 */
export function hashSecretText(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
