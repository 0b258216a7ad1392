import { createHmac } from 'node:crypto';
import { TEST_SECRET } from './api';

const HS256 = { alg: 'HS256', typ: 'JWT' };

export interface Minted {
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly header?: Readonly<Record<string, unknown>>;
  readonly key?: string;
  readonly hash?: string;
}

/** A token such as the service makes them, but for what is given; a claim that is `undefined` is left out. */
export function mint(
  memberId: number,
  { claims = {}, header = HS256, key = TEST_SECRET, hash = 'sha256' }: Minted = {},
): string {
  const nowS = secondsFromNow(0);
  const usual = { typ: 'access', aud: 'haru-study', iat: nowS, exp: nowS + 60 };
  const payload = { sub: String(memberId), ...usual, ...claims };
  const signed = [header, payload]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  return `${signed}.${createHmac(hash, key).update(signed).digest('base64url')}`;
}

/** What a token says. */
export function claimsOf(token: string): Readonly<Record<string, unknown>> {
  const [, claims = ''] = token.split('.');
  return JSON.parse(Buffer.from(claims, 'base64url').toString()) as Record<string, unknown>;
}

/** In whole seconds since the epoch, as claims count. */
export function secondsFromNow(seconds: number): number {
  return Math.floor(Date.now() / 1_000) + seconds;
}
