import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Caller } from './jwt.strategy';

/** Where the guard leaves the caller. */
export type AuthenticatedRequest = FastifyRequest & { user?: Caller };

/** Id of the member who sends the request. */
export const CallerId = createParamDecorator((_data: unknown, context) => callerOf(context).memberId);

/** Who sends the request, as the access token says. */
export const TheCaller = createParamDecorator((_data: unknown, context) => callerOf(context));

function callerOf(context: ExecutionContext): Caller {
  const { user } = context.switchToHttp().getRequest<AuthenticatedRequest>();
  if (user === undefined) throw new Error('a public route has no caller');
  return user;
}
