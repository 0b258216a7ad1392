import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ApiParam, ApiQuery } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { InvalidRequest } from './field-error';
import { fromDigits } from './validation';

/**
 * Reads an id: a whole number from 1, before any SQL sees it.
 *
 * @throws InvalidRequest
 */
export function readId(name: string, given: unknown): number {
  const id = fromDigits(given);
  if (Number.isSafeInteger(id) && (id as number) >= 1) return id as number;
  throw new InvalidRequest([{ path: name, reason: 'must be a whole number, 1 or more', code: 1600 }]);
}

/** An id in the path. No pipe: those are awaited one by one, which a poll every two seconds need not pay. */
export const PathId = createParamDecorator((name: string, context: ExecutionContext): number => {
  const { params } = context.switchToHttp().getRequest<FastifyRequest<{ Params: Record<string, unknown> }>>();
  return readId(name, params[name]);
});

/** An id in the query. */
export const QueryId = createParamDecorator((name: string, context: ExecutionContext): number => {
  const { query } = context
    .switchToHttp()
    .getRequest<FastifyRequest<{ Querystring: Record<string, unknown> }>>();
  return readId(name, query[name]);
});

const idSchema = (example: number) => ({
  type: 'integer' as const,
  minimum: 1,
  maximum: Number.MAX_SAFE_INTEGER,
  example,
});

/** Documents an id in the path. */
export const ApiId = (name: string, description: string, example: number) =>
  ApiParam({ name, description, schema: idSchema(example) });

export const ApiStudyId = () => ApiId('studyId', 'the study', 7);

/** Documents `?studyId=`. */
export const ApiStudyIdQuery = () =>
  ApiQuery({ name: 'studyId', description: 'the study', required: true, schema: idSchema(7) });
