import { createHash, createHmac } from 'node:crypto';

/** Which token of which login it says to be. */
export interface RefreshToken {
  readonly sessionId: Buffer;
  readonly generation: number;
}

const FORM = /^([\w-]{22})\.(\d{1,9})\.([\w-]{43})$/;

/**
 * The token of a generation: HMAC-SHA-256 (RFC 2104) over the login and the generation. Since it is derived, a
 * successor can be given again although only its hash is stored.
 */
export function deriveRefreshToken(secret: string, { sessionId, generation }: RefreshToken): string {
  const id = sessionId.toString('base64url');
  const mac = createHmac('sha256', secret).update(`refresh.${id}.${generation}`).digest('base64url');
  return `${id}.${generation}.${mac}`;
}

/** @returns what a token says of itself, unproven; `null` when it has not the form of one */
export function readRefreshToken(token: string): RefreshToken | null {
  const [, id, generation] = FORM.exec(token) ?? [];
  if (id === undefined || generation === undefined) return null;
  return { sessionId: Buffer.from(id, 'base64url'), generation: Number(generation) };
}

/** SHA-256: enough for a text that nobody can guess. */
export function hashRefreshToken(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
