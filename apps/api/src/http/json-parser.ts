import type { FastifyInstance } from 'fastify';

/**
 * Takes an empty body where JSON is announced: the web client sends that header with every request. Bodies of any
 * other type are refused with 415.
 */
export function acceptEmptyJson(instance: FastifyInstance): void {
  const parse = instance.getDefaultJsonParser('error', 'error');
  instance.removeAllContentTypeParsers();
  instance.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body.trim() === '') done(null, undefined);
    else void parse(request, body, done);
  });
}
