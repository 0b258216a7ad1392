import { access } from 'node:fs/promises';
import { request as requestTls } from 'node:https';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { problemOf, rootOf, routesOf, type Heard, type Route } from '../core/nginx-routes';
import { parseAddress, ask, OWN_AGENT, type Answer, type Endpoint } from './http';
import { publicEndpoint, type Site } from './site';
import { trafficOf } from './traffic/traffic';

/** Long enough for a first answer that builds the API's document on a busy machine. */
const TIMEOUT_MS = 5_000;
const TRIES = 3;
const PAUSE_MS = 200;

type Asking = (path: string) => Promise<Pick<Answer, 'status' | 'headers'>>;

/** One site as it can be asked, and its routes. */
type Face = Readonly<{
  name: string;
  ask: Asking;
  routes: readonly Route[];
  /** where its app is asked without nginx; null: nothing is live */
  app: Endpoint | null;
  roots: Readonly<{ admin: string | null; storybook: string | null; web: string }>;
}>;

/**
 * Asks for each route of each site once, and again where the answer is wrong.
 *
 * @returns what is wrong; empty when nothing is
 */
export async function smoke(site: Site): Promise<readonly string[]> {
  const faces = facesOf(site, await liveEndpoint(site));
  const found = await Promise.all(faces.map((face) => smokeFace(site, face)));
  return found.flat();
}

async function smokeFace(site: Site, face: Face): Promise<readonly string[]> {
  const problems = await Promise.all(face.routes.map((route) => smokeRoute(site, face, route)));
  return problems.filter((problem) => problem !== null).map((problem) => `${face.name}${problem}`);
}

async function smokeRoute(site: Site, face: Face, route: Route, tries = TRIES): Promise<string | null> {
  const heard = await hear(face.ask, route);
  const isAnswered = route.kind !== 'app' || (heard !== null && heard.release !== null);
  const problem = problemOf(route, heard, {
    isAppUp: isAnswered || (await isUp(face.app, site.settings.service.livePath)),
    hasIndex: await hasIndex(site, rootOf<string | null>(route, face.roots)),
  });
  if (problem === null || tries <= 1) return problem;
  await sleep(PAUSE_MS);
  return smokeRoute(site, face, route, tries - 1);
}

async function hear(asking: Asking, { path }: Route): Promise<Heard | null> {
  const answer = await asking(path).catch(() => null);
  if (answer === null) return null;
  const { status, headers } = answer;
  const release = headers['x-release'];
  return {
    status,
    release: typeof release === 'string' ? release : null,
    contentType: headers['content-type'] ?? '',
    location: headers.location ?? null,
  };
}

async function isUp(app: Endpoint | null, livePath: string): Promise<boolean> {
  if (app === null) return false;
  return ask(app, livePath, { timeoutMs: TIMEOUT_MS }).then(
    () => true,
    () => false,
  );
}

function hasIndex({ layout }: Site, root: string | null): Promise<boolean> {
  if (root === null) return Promise.resolve(false);
  return access(resolve(layout.projectDir, root, 'index.html')).then(
    () => true,
    () => false,
  );
}

/** As nginx reaches it. */
async function liveEndpoint(site: Site): Promise<Endpoint | null> {
  const { strategy, host, ports } = site.settings.switch;
  if (strategy === 'socket') return { socketPath: site.layout.liveLink };
  const colour = await trafficOf(site).where(site);
  return colour && { host, port: ports[colour] };
}

function facesOf(site: Site, live: Endpoint | null): readonly Face[] {
  const { settings } = site;
  const { serverName, adminRoot, storybookRoot, staticRoot, develop, tls, port } = settings.nginx;
  const paths = { apiPath: settings.verify.path, livePath: settings.service.livePath };
  const first: Face = {
    name: '',
    ask: plainly(publicEndpoint(site), serverName),
    routes: routesOf({ ...paths, adminRoot, storybookRoot }),
    app: live,
    roots: { admin: adminRoot, storybook: storybookRoot, web: staticRoot },
  };
  const name = `${develop?.serverName} `;
  const second: readonly Face[] = develop
    ? [
        {
          name,
          ask: develop.tls
            ? overTls(site, develop.serverName)
            : plainly(portOf(site, develop.port ?? port), develop.serverName),
          routes: routesOf({ ...paths, adminRoot: develop.adminRoot }),
          app: endpointOf(develop.server, live),
          roots: { admin: develop.adminRoot, storybook: null, web: develop.staticRoot },
        },
        ...(develop.tls ? [redirect(site, name, develop.serverName, develop.port ?? port)] : []),
      ]
    : [];
  if (!tls) return [first, ...second];
  const handshake: Face = {
    ...first,
    name: `https://${serverName}:${tls.port}`,
    ask: overTls(site, serverName),
    routes: first.routes.filter(({ path }) => path === paths.livePath || path === '/'),
  };
  return [first, handshake, redirect(site, '', serverName, port), ...second];
}

function redirect(site: Site, name: string, serverName: string, port: number): Face {
  const roots = { admin: null, storybook: null, web: '' };
  const ask = plainly(portOf(site, port), serverName);
  return { name: `${name}http `, ask, routes: [{ kind: 'redirect', path: '/' }], app: null, roots };
}

function plainly(endpoint: Endpoint, host: string): Asking {
  return (path) => ask(endpoint, path, { timeoutMs: TIMEOUT_MS, host });
}

/** As a browser would, but for who signed the certificate: the names are this machine's own. */
function overTls(site: Site, servername: string): Asking {
  const { host } = loopback(site);
  const headers = { host: servername, 'user-agent': OWN_AGENT };
  const { tls } = site.settings.nginx;
  return (path) =>
    new Promise((fulfil, reject) => {
      const signal = AbortSignal.timeout(TIMEOUT_MS);
      const options = { host, port: tls?.port, path, headers, servername, signal, agent: false };
      requestTls({ ...options, rejectUnauthorized: false }, (incoming) => {
        incoming.resume();
        fulfil({ status: incoming.statusCode ?? 0, headers: incoming.headers });
      })
        .on('error', reject)
        .end();
    });
}

function portOf(site: Site, port: number): Endpoint {
  return { ...loopback(site), port };
}

/** Where this machine reaches what listens everywhere. */
function loopback({ settings }: Site): Readonly<{ host: string }> {
  const { host } = settings.nginx;
  return { host: ['0.0.0.0', '*'].includes(host) ? '127.0.0.1' : host };
}

function endpointOf(server: string, live: Endpoint | null): Endpoint | null {
  if (server === 'live') return live;
  if (server.startsWith('unix:')) return { socketPath: server.slice('unix:'.length) };
  return parseAddress(server);
}
