import { Injectable, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { AuthGuard } from '@nestjs/passport';
import type { FastifyRequest } from 'fastify';
import { InvalidAccessToken } from './auth.errors';
import { bearerTokenOf } from './bearer';
import { IS_PUBLIC } from './public.decorator';

/** Wants an access token on every route that is not public. */
@Injectable()
export class AccessGuard extends AuthGuard('jwt') {
  constructor(private readonly reflector: Reflector) {
    super();
  }

  override canActivate(
    context: ExecutionContext,
  ): ReturnType<InstanceType<ReturnType<typeof AuthGuard>>['canActivate']> {
    const isPublic = this.reflector.getAllAndOverride<boolean | undefined>(IS_PUBLIC, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (isPublic === true) return true;
    bearerTokenOf(context.switchToHttp().getRequest<FastifyRequest>().headers.authorization);
    return super.canActivate(context);
  }

  override handleRequest<Caller>(error: unknown, caller: Caller | false): Caller {
    if (error !== null && error !== undefined) throw error;
    if (caller === false) throw new InvalidAccessToken();
    return caller;
  }
}
