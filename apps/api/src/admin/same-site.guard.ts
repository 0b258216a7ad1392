import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { NotAllowed } from '../auth/auth.errors';

/**
 * Refuses what another site's page makes a browser send: it could log an administrator in under an account of its own,
 * which `SameSite` does not prevent. Only browsers send the header; what is no browser has no cookies to abuse.
 *
 * @see https://www.w3.org/TR/fetch-metadata/
 */
@Injectable()
export class SameSiteGuard implements CanActivate {
  canActivate(context: ExecutionContext): true {
    const { headers } = context.switchToHttp().getRequest<FastifyRequest>();
    if (headers['sec-fetch-site'] === 'cross-site') throw new NotAllowed();
    return true;
  }
}
