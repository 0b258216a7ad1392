import { applyDecorators, SetMetadata, UseGuards } from '@nestjs/common';
import { AddressLimitGuard, LIMITED_BY_ADDRESS, type LimitByAddress } from './address-limit.guard';

/**
 * Limits a route by the network of the client's address. Its module imports ThrottlingModule, its description names
 * TooManyRequests.
 */
export const Limited = (limit: LimitByAddress) =>
  applyDecorators(SetMetadata(LIMITED_BY_ADDRESS, limit), UseGuards(AddressLimitGuard));
