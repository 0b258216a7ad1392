import type { FastifyCorsOptionsDelegateCallback } from '@fastify/cors';

const EXPOSED = ['Location', 'ETag', 'X-Request-Id', 'Retry-After'];
const PREFLIGHT_KEPT_S = 600;

/** Lets pages of these origins call the API, cookies included; nothing outside of it. */
export function corsFor(origins: readonly string[]): { delegator: FastifyCorsOptionsDelegateCallback } {
  const open = {
    origin: true,
    credentials: true,
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    exposedHeaders: EXPOSED,
    maxAge: PREFLIGHT_KEPT_S,
    strictPreflight: false,
  };
  return {
    delegator: ({ url, headers }, done) => {
      const isAllowed = url.startsWith('/api/v2/') && origins.includes(headers.origin ?? '');
      done(null, isAllowed ? open : { origin: false });
    },
  };
}
