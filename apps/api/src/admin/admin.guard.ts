import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { NotAllowed } from '../auth/auth.errors';
import { AdminAuthService } from './admin-auth.service';
import { adminSessionOf } from './admin-cookie';
import { AuditService } from './audit.service';

/** Lets administrators in, each time with a line in their trail first. Members' tokens mean nothing here. */
@Injectable()
export class AdminGuard implements CanActivate {
  constructor(
    private readonly logins: AdminAuthService,
    private readonly audit: AuditService,
  ) {}

  async canActivate(context: ExecutionContext): Promise<true> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const account = await this.logins.findAccount(adminSessionOf(request));
    if (account === undefined) throw new NotAllowed();
    const { method, url, ip } = request;
    await this.audit.note({ account, request: `${method} ${url}`, address: ip });
    return true;
  }
}
