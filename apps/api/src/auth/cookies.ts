import { hkdfSync } from 'node:crypto';
import cookie from '@fastify/cookie';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Config } from '@app/config';

const KEY_BYTES = 32;

/** Reads cookies, and signs those that ask for it by a key of their own, derived from the one secret (RFC 5869). */
export async function acceptCookies(app: NestFastifyApplication, { tokens }: Config): Promise<void> {
  const key = hkdfSync('sha256', tokens.secret, '', 'signed cookies', KEY_BYTES);
  await app.register(cookie, { secret: Buffer.from(key) });
}
