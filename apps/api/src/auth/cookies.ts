import { hkdfSync } from 'node:crypto';
import cookie from '@fastify/cookie';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Config } from '@app/config';
import type { FastifyRequest } from 'fastify';

const KEY_BYTES = 32;

/**
 * Signs cookies that ask for it by a key of their own, derived from the one secret (RFC 5869). They are read where they
 * are wanted, see {@link cookieOf}: to do so at every request costs a tenth of a poll.
 */
export async function acceptCookies(app: NestFastifyApplication, { tokens }: Config): Promise<void> {
  const key = hkdfSync('sha256', tokens.secret, '', 'signed cookies', KEY_BYTES);
  await app.register(cookie, { hook: false, secret: Buffer.from(key) });
}

/** @returns the value of a cookie that came along */
export function cookieOf(request: FastifyRequest, name: string): string | undefined {
  const header = request.headers.cookie;
  return header === undefined ? undefined : request.server.parseCookie(header)[name];
}
