import { createHash } from 'node:crypto';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { LIMITS } from '../http/limits';
import { IdempotencyKeyInvalid, IdempotencyKeyReused } from './idempotency.errors';

/** The client's key with the fingerprint (SHA-256) of the request that it came with; `null` when it sent none. */
export type KeyedRequest = Readonly<{ key: string; fingerprint: Buffer }> | null;

export const IDEMPOTENCY_ERRORS = [IdempotencyKeyInvalid, IdempotencyKeyReused] as const;

const { min, max } = LIMITS.idempotencyKey;
const KEY = new RegExp(`^[!-~]{${min},${max}}$`);

/** Reads `Idempotency-Key`. @throws IdempotencyKeyInvalid */
export const Keyed = createParamDecorator((_data: unknown, context: ExecutionContext): KeyedRequest => {
  const request = context.switchToHttp().getRequest<FastifyRequest>();
  const key = request.headers['idempotency-key'];
  if (key === undefined) return null;
  if (typeof key !== 'string' || !KEY.test(key)) throw new IdempotencyKeyInvalid();
  const asked = [request.method, request.url, JSON.stringify(request.body ?? null)].join('\n');
  return { key, fingerprint: createHash('sha256').update(asked).digest() };
});

/** Documents the header. */
export const ApiIdempotencyKey = () =>
  ApiHeader({
    name: 'Idempotency-Key',
    required: false,
    description:
      'A repeat with the same key and body within 24 hours gets the first answer and changes nothing. ' +
      'A refused request is not kept: its repeat is a new try.',
    schema: {
      type: 'string',
      minLength: min,
      maxLength: max,
      example: '0f9d1f0a-7d0e-4c0e-9f5e-3c1c8a7a2b11',
    },
  });
