import type { FastifyInstance } from 'fastify';

/** Under these, answers hold tokens, or what is known of one person. */
const PRIVATE = /^\/api\/(admin|v2\/(auth|me))(\/|$)/;

/** Forbids browsers and proxies to keep such answers, refusals included. Call before any route is added. */
export function forbidStoring(instance: FastifyInstance): void {
  instance.addHook('onRoute', (route) => {
    if (!PRIVATE.test(route.url)) return;
    route.onRequest = [
      (_request, reply, done) => {
        void reply.header('Cache-Control', 'no-store');
        done();
      },
      ...[route.onRequest ?? []].flat(),
    ];
  });
}
