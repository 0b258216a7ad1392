import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';
import helmet from 'helmet';

/** Paths under which pages live; everywhere else are data, which no browser shows. */
const PAGES = ['/swagger-ui', '/api/v2/error-code'];

/** `upgrade-insecure-requests` would leave Swagger UI blank on a plain-http address; TLS is nginx's business. */
const OPTIONS = {
  strictTransportSecurity: false,
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'self'"],
      styleSrc: ["'self'", "'unsafe-inline'"],
      imgSrc: ["'self'", 'data:'],
      objectSrc: ["'none'"],
      frameAncestors: ["'none'"],
    },
  },
};

/** What helmet would set on every answer: asked once, since working it out costs half as much as a poll. */
export function securityHeaders(): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {};
  const response = {
    setHeader: (name: string, value: string) => void (headers[name] = value),
    removeHeader: () => undefined,
  };
  helmet(OPTIONS)({} as IncomingMessage, response as unknown as ServerResponse, (error?: unknown) => {
    if (error !== undefined) throw error;
  });
  return Object.freeze(headers);
}

/** Pages get all of helmet's headers; data are only never taken for anything but what they say they are. */
export function protectPages(instance: FastifyInstance): void {
  const headers = securityHeaders();
  instance.addHook('onRequest', ({ url }, reply, done) => {
    if (PAGES.some((path) => url.startsWith(path))) void reply.headers(headers);
    else void reply.header('X-Content-Type-Options', 'nosniff');
    done();
  });
}
