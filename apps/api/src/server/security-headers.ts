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

/** Gives pages all of helmet's headers; data are marked by markAnswers alone. Call before any route is added. */
export function protectPages(instance: FastifyInstance): void {
  const headers = securityHeaders();
  instance.addHook('onRoute', (route) => {
    if (!PAGES.some((path) => route.url.startsWith(path))) return;
    route.onRequest = [
      (_request, reply, done) => {
        void reply.headers(headers);
        done();
      },
      ...[route.onRequest ?? []].flat(),
    ];
  });
}
