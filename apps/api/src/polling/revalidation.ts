import { applyDecorators } from '@nestjs/common';
import { ApiHeader, ApiResponse } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { HEADERS_OF_EVERY_ANSWER } from '../http/describe';
import { isHeld, type Tagged } from './entity-tag';

/** A browser keeps the answer, but asks each time whether it still holds; nothing between may keep it. */
const CACHE_CONTROL = 'private, no-cache';

/** Headers of an answer that can be revalidated, in words for the document. */
export const REVALIDATED = {
  ETag: 'send it back as `If-None-Match`: while nothing has changed, the answer is 304',
  'Cache-Control': CACHE_CONTROL,
  Vary: 'Authorization, and Origin where pages of other origins may call',
} as const;

/** Documents `If-None-Match` and 304. */
export const ApiRevalidation = () =>
  applyDecorators(
    ApiHeader({
      name: 'If-None-Match',
      description: 'the `ETag` of the answer that the caller holds; a list of them, or `*`',
      required: false,
      schema: { type: 'string', maxLength: 8_192, example: '"n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg"' },
    }),
    ApiResponse({
      status: 304,
      description: 'nothing has changed; the same headers, no body',
      headers: HEADERS_OF_EVERY_ANSWER,
    }),
  );

/** Sends an answer, or 304 to one who holds it. Whoever may not see it has been refused before. */
export async function answer(reply: FastifyReply, found: Promise<Tagged>): Promise<void> {
  const { body, tag } = await found;
  const vary = reply.getHeader('vary');
  void reply
    .header('etag', tag)
    .header('cache-control', CACHE_CONTROL)
    .header('vary', vary === undefined ? 'Authorization' : `${String(vary)}, Authorization`);
  if (isHeld(tag, reply.request.headers['if-none-match'])) return void reply.code(304).send();
  void reply.header('content-type', 'application/json; charset=utf-8').send(body);
}
