import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ApiParam } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { SessionNotFound } from './sessions.errors';

/** How a login is called in the API. Knowing it allows nothing: tokens are not made of it alone. */
export function publicIdOf(sessionId: Buffer): string {
  return sessionId.toString('base64url');
}

/**
 * Reads the id of a login.
 *
 * @throws SessionNotFound when nothing can be called so
 */
export function readSessionId(given: string): Buffer {
  const id = Buffer.from(given, 'base64url');
  if (id.length !== 16 || publicIdOf(id) !== given) throw new SessionNotFound();
  return id;
}

/** The id of a login in the path. */
export const PathSessionId = createParamDecorator((name: string, context: ExecutionContext): Buffer => {
  const { params } = context.switchToHttp().getRequest<FastifyRequest<{ Params: Record<string, string> }>>();
  return readSessionId(params[name] ?? '');
});

/** Documents {@link PathSessionId}. */
export const ApiSessionId = () =>
  ApiParam({
    name: 'sessionId',
    description: 'the login, as the list calls it',
    schema: { type: 'string', pattern: '^[A-Za-z0-9_-]{22}$', example: '6f1cmlJ9Tx-fUg-PXx0sOw' },
  });
