import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { cookieOf } from '../auth/cookies';

const NAME = 'refreshToken';
/** No `Domain`: the cookie goes to this host alone. Browsers refuse `Secure` on plain http but for localhost. */
const ATTRIBUTES = { path: '/', httpOnly: true, secure: true, sameSite: 'lax' } as const;

/** What of an opened session the cookie holds. */
export type RefreshCookie = Readonly<{ refreshToken: string; maxAgeS: number }>;

/** @returns the refresh token that came along; `undefined` when none came, or an empty one */
export function refreshTokenOf(request: FastifyRequest): string | undefined {
  const token = cookieOf(request, NAME);
  return token === '' ? undefined : token;
}

/** {@link refreshTokenOf} the request. */
export const ShownRefreshToken = createParamDecorator((_data: unknown, context: ExecutionContext) =>
  refreshTokenOf(context.switchToHttp().getRequest<FastifyRequest>()),
);

/** Gives the browser a refresh token, in place of any other. */
export function setRefreshCookie(reply: FastifyReply, { refreshToken, maxAgeS }: RefreshCookie): void {
  void reply.setCookie(NAME, refreshToken, { ...ATTRIBUTES, maxAge: maxAgeS });
}

/** Takes the refresh token away from the browser. */
export function deleteRefreshCookie(reply: FastifyReply): void {
  void reply.setCookie(NAME, '', { ...ATTRIBUTES, maxAge: 0 });
}
