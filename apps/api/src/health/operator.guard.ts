import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { BlockList } from 'node:net';
import type { FastifyRequest } from 'fastify';
import { RouteNotFound } from '../http/http.errors';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/**
 * For what the deployer asks a process over its own address. A unix socket has no peer address: who may connect to it
 * may ask. By TCP it must be this machine. What a proxy hands on comes from anybody: for them the route is not there.
 */
@Injectable()
export class OperatorGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const { headers, socket } = context.switchToHttp().getRequest<FastifyRequest>().raw;
    if (headers['x-forwarded-for'] !== undefined || !isNear(socket.remoteAddress)) throw new RouteNotFound();
    return true;
  }
}

function isNear(address: string | undefined): boolean {
  if (address === undefined) return true;
  return loopback.check(address, address.includes(':') ? 'ipv6' : 'ipv4');
}
