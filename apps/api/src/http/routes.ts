import type { FastifyInstance } from 'fastify';

interface Route {
  readonly pattern: RegExp;
  readonly path: string;
  readonly methods: Set<string>;
}

const ROUTES = new WeakMap<object, Map<string, Route>>();

/** Keeps a list of the routes, which the router itself does not tell. Call before any route is added. */
export function recordRoutes(instance: FastifyInstance): void {
  const routes = new Map<string, Route>();
  ROUTES.set(instance.server, routes);
  instance.addHook('onRoute', ({ url, method }) => {
    const route = routes.get(url) ?? { path: url, pattern: patternOf(url), methods: new Set<string>() };
    for (const one of [method].flat()) route.methods.add(one);
    routes.set(url, route);
  });
}

/** Every route, as the router has it. */
export function registeredRoutes(instance: FastifyInstance): readonly Omit<Route, 'pattern'>[] {
  return [...(ROUTES.get(instance.server)?.values() ?? [])];
}

/** Methods that some route takes at the path of this URL, sorted; none when nothing lives there. */
export function allowedMethods(instance: FastifyInstance, url: string): readonly string[] {
  const path = url.split('?', 1)[0] ?? url;
  const methods = [...(ROUTES.get(instance.server)?.values() ?? [])]
    .filter((route) => route.path !== '*' && !route.path.endsWith('/*') && route.pattern.test(path))
    .flatMap((route) => [...route.methods]);
  return [...new Set(methods)].sort();
}

function patternOf(path: string): RegExp {
  const escaped = path.replace(/[.+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replace(/:[A-Za-z]+/g, '[^/]+').replace(/\*/g, '.*')}$`);
}
