import { Injectable, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { AuthGuard } from '@nestjs/passport';
import { Clock } from '@app/kernel';
import { InvalidAccessToken } from './auth.errors';
import { bearerTokenOf } from './bearer';
import type { AuthenticatedRequest } from './caller.decorator';
import { IS_PUBLIC } from './public.decorator';
import { VerifiedTokens } from './verified-tokens';

/** Wants an access token on every route that is not public. */
@Injectable()
export class AccessGuard extends AuthGuard('jwt') {
  private readonly verified = new VerifiedTokens();
  private readonly openRoutes = new Map<object, boolean>();

  constructor(
    private readonly reflector: Reflector,
    private readonly clock: Clock,
  ) {
    super();
  }

  override canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    if (this.isPublic(context)) return true;
    const request = context.switchToHttp().getRequest<AuthenticatedRequest>();
    const token = bearerTokenOf(request.headers.authorization);
    request.user = this.verified.find(token, this.clock.now());
    return request.user !== undefined || this.verify(context, request, token);
  }

  override handleRequest<Caller>(error: unknown, caller: Caller | false): Caller {
    if (error !== null && error !== undefined) throw error;
    if (caller === false) throw new InvalidAccessToken();
    return caller;
  }

  private async verify(
    context: ExecutionContext,
    request: AuthenticatedRequest,
    token: string,
  ): Promise<boolean> {
    await super.canActivate(context);
    if (request.user !== undefined) this.verified.remember(token, request.user);
    return true;
  }

  /** Asked at every request, so the answer of the metadata is kept by handler. */
  private isPublic(context: ExecutionContext): boolean {
    const handler = context.getHandler();
    const known = this.openRoutes.get(handler);
    if (known !== undefined) return known;
    const isOpen = this.reflector.getAllAndOverride<boolean | undefined>(IS_PUBLIC, [
      handler,
      context.getClass(),
    ]);
    this.openRoutes.set(handler, isOpen === true);
    return isOpen === true;
  }
}
