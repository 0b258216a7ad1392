import { createHmac } from 'node:crypto';
import { LIMITS } from '../http/limits';
import { windowAt, type Window } from './window.rules';

export type LimitName = keyof typeof LIMITS.rates;

/** Whom a limit counts: a member's id, a network, an account. Several together are one. */
export type Counted = readonly (string | number | Buffer)[];

/** Where calls are counted that belong together. */
export interface Bucket {
  /** 16 bytes that tell nobody who is counted. */
  readonly key: Buffer;
  readonly window: Window;
}

const KEY_BYTES = 16;
const SHIFTS = 2 ** 32;

/**
 * The bucket of a call. Keyed by the secret, since a bare hash of an address is found out by trying all addresses.
 */
export function bucketOf(secret: string, limit: LimitName, counted: Counted, nowMs: number): Bucket {
  const whom = JSON.stringify(counted.map((part) => (Buffer.isBuffer(part) ? part.toString('hex') : part)));
  return bucketFor(secret, `limit.${limit}.${whom}`, { windowMs: LIMITS.rates[limit].windowMs, nowMs });
}

/** The bucket of a piece of work that is to be done once in a window, by whichever process comes first. */
export function bucketOfTurn(
  secret: string,
  work: string,
  time: Readonly<{ windowMs: number; nowMs: number }>,
): Bucket {
  return bucketFor(secret, `turn.${work}`, time);
}

function bucketFor(
  secret: string,
  name: string,
  { windowMs, nowMs }: Readonly<{ windowMs: number; nowMs: number }>,
): Bucket {
  const digest = createHmac('sha256', secret).update(name).digest();
  const shift = digest.readUInt32BE(KEY_BYTES) / SHIFTS;
  return { key: digest.subarray(0, KEY_BYTES), window: windowAt(nowMs, windowMs, shift) };
}
