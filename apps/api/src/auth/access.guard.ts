import { Injectable, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { AuthGuard } from '@nestjs/passport';
import { Clock } from '@app/kernel';
import { InvalidAccessToken } from './auth.errors';
import { bearerTokenOf } from './bearer';
import type { AuthenticatedRequest } from './caller.decorator';
import { CallersService } from './callers.service';
import type { Caller } from './jwt.strategy';
import { LOOKS_UP_CALLER } from './looks-up-caller.decorator';
import { IS_PUBLIC } from './public.decorator';
import { VerifiedTokens } from './verified-tokens';

type Access = 'open' | 'for-members' | 'looks-up-caller';

/** Wants an access token on every route that is not public. */
@Injectable()
export class AccessGuard extends AuthGuard('jwt') {
  private readonly verified = new VerifiedTokens();
  private readonly accessOf = new Map<object, Access>();

  constructor(
    private readonly reflector: Reflector,
    private readonly clock: Clock,
    private readonly callers: CallersService,
  ) {
    super();
  }

  override canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const access = this.accessTo(context);
    if (access === 'open') return true;
    const request = context.switchToHttp().getRequest<AuthenticatedRequest>();
    const token = bearerTokenOf(request.headers.authorization);
    request.user = this.verified.find(token, this.clock.now());
    if (request.user !== undefined && access === 'looks-up-caller') return true;
    return this.verify(context, request, token, access);
  }

  override handleRequest<Found>(error: unknown, caller: Found | false): Found {
    if (error !== null && error !== undefined) throw error;
    if (caller === false) throw new InvalidAccessToken();
    return caller;
  }

  private async verify(
    context: ExecutionContext,
    request: AuthenticatedRequest,
    token: string,
    access: Access,
  ): Promise<boolean> {
    const caller = request.user ?? (await this.callerBy(context, request, token));
    if (access !== 'looks-up-caller') await this.callers.refuseEnded(caller);
    return true;
  }

  private async callerBy(
    context: ExecutionContext,
    request: AuthenticatedRequest,
    token: string,
  ): Promise<Caller> {
    await super.canActivate(context);
    const caller = request.user;
    if (caller === undefined) throw new InvalidAccessToken();
    this.verified.remember(token, caller);
    return caller;
  }

  /** Asked at every request, so the answer of the metadata is kept by handler. */
  private accessTo(context: ExecutionContext): Access {
    const handler = context.getHandler();
    const known = this.accessOf.get(handler);
    if (known !== undefined) return known;
    const has = (mark: string) =>
      this.reflector.getAllAndOverride(mark, [handler, context.getClass()]) === true;
    const access = has(IS_PUBLIC) ? 'open' : has(LOOKS_UP_CALLER) ? 'looks-up-caller' : 'for-members';
    this.accessOf.set(handler, access);
    return access;
  }
}
