import { applyDecorators, createParamDecorator, SetMetadata, UseGuards } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { AddressLimitGuard, LIMITED_BY_ADDRESS, type LimitByAddress } from './address-limit.guard';
import { networkOf } from './client-network';

/**
 * Limits a route by the network of the client's address. Its module imports ThrottlingModule, its description names
 * TooManyRequests.
 */
export const Limited = (limit: LimitByAddress) =>
  applyDecorators(SetMetadata(LIMITED_BY_ADDRESS, limit), UseGuards(AddressLimitGuard));

/** The network of the client's address, for limits that count it together with something else. */
export const ClientNetwork = createParamDecorator((_data: unknown, context): string =>
  networkOf(context.switchToHttp().getRequest<FastifyRequest>().ip),
);
