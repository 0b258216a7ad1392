import type { FastifyReply, FastifyRequest } from 'fastify';
import { cookieOf } from '../auth/cookies';
import { hashSecretText } from '../auth/secret-text';

const NAME = 'JSESSIONID';
/** No `Max-Age`: it ends with the browser, or when the server says so. */
const ATTRIBUTES = { path: '/', httpOnly: true, secure: true, sameSite: 'lax' } as const;
/** 32 bytes in base64url. */
const TOKEN = /^[\w-]{43}$/;

/** @returns what the database knows of the session that came along; `undefined` when none can have come */
export function adminSessionOf(request: FastifyRequest): Buffer | undefined {
  const token = cookieOf(request, NAME);
  return token !== undefined && TOKEN.test(token) ? hashSecretText(token) : undefined;
}

/** Gives the browser a session, in place of any other. */
export function setAdminCookie(reply: FastifyReply, token: string): void {
  void reply.setCookie(NAME, token, ATTRIBUTES);
}

/** Takes the session away from the browser. */
export function deleteAdminCookie(reply: FastifyReply): void {
  void reply.setCookie(NAME, '', { ...ATTRIBUTES, maxAge: 0 });
}
