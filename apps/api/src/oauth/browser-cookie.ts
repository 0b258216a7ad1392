import { randomBytes } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { LIMITS } from '../http/limits';
import { cookieOf } from '../auth/cookies';

const NAME = 'loginBrowser';
const RANDOM_BYTES = 16;
/** Lax: the way back from a provider is a navigation from another site. */
const ATTRIBUTES = { path: '/api/v2', httpOnly: true, secure: true, sameSite: 'lax', signed: true } as const;

/** The name that a browser got when it began to log in; `undefined` when it has none that we have signed. */
export function knownBrowserOf(request: FastifyRequest): string | undefined {
  const cookie = cookieOf(request, NAME);
  const { valid, value } = cookie === undefined ? {} : request.unsignCookie(cookie);
  return valid === true && value !== '' ? (value ?? undefined) : undefined;
}

/** Keeps a browser's name, so that logins in two of its tabs do not end each other; a new one when it has none. */
export function browserOf(request: FastifyRequest): string {
  return knownBrowserOf(request) ?? randomBytes(RANDOM_BYTES).toString('base64url');
}

/** Lets the browser keep its name for as long as a login that begins now may take. */
export function setBrowserCookie(reply: FastifyReply, browser: string): void {
  void reply.setCookie(NAME, browser, { ...ATTRIBUTES, maxAge: LIMITS.loginStateMs / 1_000 });
}
