import { hash, verify } from '@node-rs/argon2';
import { LIMITS } from '../http/limits';
import { graphemes } from '../http/plain-text';

/**
 * Argon2id with 19 MiB, two passes, one lane: the library would choose the same today.
 *
 * @see https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html
 */
export const ARGON2 = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** Of a password that nobody knows: an account that does not exist takes as long as one that does. */
export const NOBODYS_HASH =
  '$argon2id$v=19$m=19456,t=2,p=1$EQ0peJHyll2IxGXVbRLkAg$D9OUFccm+Wq5fBOQj0XTb5akOaNogUDZyZI0ZRoEYJw';

const CONTROL = /\p{Cc}/u;

/** @returns what is wrong with a new password, for a person; `undefined` when nothing is */
export function weaknessOf(password: string): string | undefined {
  const { min, max } = LIMITS.adminPassword;
  if (password.length > max) return `The password is longer than ${max} characters.`;
  if (CONTROL.test(password)) return 'The password holds a control character, or more than one line.';
  if (password.trim() === '') return 'The password is empty, or blank.';
  return graphemes(password) < min ? `The password is shorter than ${min} characters.` : undefined;
}

/** The same text may be typed in two forms; the hash must not tell them apart. Works outside of the event loop. */
export function hashPassword(password: string): Promise<string> {
  return hash(password.normalize('NFC'), ARGON2);
}

/** @param stored `undefined` when there is no such account; it takes the same time */
export async function isPassword(stored: string | undefined, password: string): Promise<boolean> {
  const fits = await verify(stored ?? NOBODYS_HASH, password.normalize('NFC'));
  return fits && stored !== undefined;
}
