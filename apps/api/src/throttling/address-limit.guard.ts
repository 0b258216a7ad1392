import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import type { LimitName } from './bucket';
import { networkOf } from './client-network';
import { ThrottlingService } from './throttling.service';

/** The limits that count addresses alone. */
export type LimitByAddress = Extract<LimitName, 'guestLogin' | 'login' | 'adminLoginNetwork'>;

export const LIMITED_BY_ADDRESS = 'limitedByAddress';

/** Counts a call before anything is done for it. */
@Injectable()
export class AddressLimitGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly throttling: ThrottlingService,
  ) {}

  /** @throws TooManyRequests */
  async canActivate(context: ExecutionContext): Promise<boolean> {
    const limit = this.reflector.get<LimitByAddress>(LIMITED_BY_ADDRESS, context.getHandler());
    await this.throttling.count(limit, networkOf(context.switchToHttp().getRequest<FastifyRequest>().ip));
    return true;
  }
}
