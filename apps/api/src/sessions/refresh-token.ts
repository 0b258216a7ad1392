import { createHmac, timingSafeEqual } from 'node:crypto';

/** Which token of which login. */
export interface RefreshToken {
  readonly sessionId: Buffer;
  readonly generation: number;
}

const FORM = /^([\w-]{22})\.(\d{1,9})\.[\w-]{43}$/;

/**
 * The token of a generation: HMAC-SHA-256 (RFC 2104) over the login and the generation. Since it is derived, a
 * successor can be given again although only its hash is stored.
 */
export function deriveRefreshToken(secret: string, { sessionId, generation }: RefreshToken): string {
  const id = sessionId.toString('base64url');
  const mac = createHmac('sha256', secret).update(`refresh.${id}.${generation}`).digest('base64url');
  return `${id}.${generation}.${mac}`;
}

/** @returns which token a text is; `null` when it is none that was derived with this secret */
export function proveRefreshToken(secret: string, text: string): RefreshToken | null {
  const [, id, generation] = FORM.exec(text) ?? [];
  if (id === undefined || generation === undefined) return null;
  const token = { sessionId: Buffer.from(id, 'base64url'), generation: Number(generation) };
  return isSame(deriveRefreshToken(secret, token), text) ? token : null;
}

/** Takes as long wherever the texts differ. */
function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
