import type { FastifyInstance } from 'fastify';
import { UnsupportedMediaType } from '../http/http.errors';

export const FORM_TYPE = 'application/x-www-form-urlencoded';

/** For `@RouteConfig`: the route takes a form, too. */
export const TAKES_FORMS = { takesForms: true } as const;

/**
 * Reads forms, where a route says that it takes them. A field that comes twice is a list, for the rules of the field to
 * refuse. What is empty is empty whatever it is announced as.
 */
export function acceptForms(instance: FastifyInstance): void {
  instance.addContentTypeParser<string>(FORM_TYPE, { parseAs: 'string' }, (request, body, done) => {
    if (body === '') return done(null, undefined);
    const { takesForms } = request.routeOptions.config as Partial<typeof TAKES_FORMS>;
    if (takesForms === true) done(null, fieldsOf(new URLSearchParams(body)));
    else done(new UnsupportedMediaType(), undefined);
  });
}

function fieldsOf(form: URLSearchParams): Record<string, string | string[]> {
  const names = [...new Set(form.keys())];
  return Object.fromEntries(
    names.map((name) => {
      const values = form.getAll(name);
      return [name, values.length === 1 ? (values[0] ?? '') : values];
    }),
  );
}
