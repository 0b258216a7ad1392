import type { FastifyInstance } from 'fastify';
import { MalformedJson, UnsupportedMediaType } from '../http/http.errors';
import { LIMITS } from '../http/limits';

/**
 * Takes an empty body, whatever it is announced as: the web client announces JSON with every request, `curl -d ''` a
 * form. Bodies of any other type than JSON are refused with 415, and those that are nested too deeply as no valid JSON.
 */
export function acceptEmptyJson(instance: FastifyInstance): void {
  const parse = instance.getDefaultJsonParser('error', 'error');
  instance.removeAllContentTypeParsers();
  instance.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body.trim() === '') return done(null, undefined);
    void parse(request, body, (error, value: unknown) => {
      // What walks through a body later on does so by recursion: it would run out of stack.
      if (error === null && isDeeperThan(LIMITS.bodyDepth, value)) done(new MalformedJson());
      else done(error, value);
    });
  });
  instance.addContentTypeParser<string>('*', { parseAs: 'string' }, (_request, body, done) => {
    done(body === '' ? null : new UnsupportedMediaType(), undefined);
  });
}

function isDeeperThan(levels: number, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isDeeperThan(levels - 1, inner));
}
