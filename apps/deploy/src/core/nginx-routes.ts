/**
 * What a configuration must do before it counts as good: `nginx -t` and a reload that answers 0 prove neither that it
 * is in use nor that a single request is answered.
 */
type RouteKind = 'app' | 'page' | 'file' | 'not-app' | 'hidden' | 'redirect';

/** One question to nginx. */
export type Route = Readonly<{ kind: RouteKind; path: string }>;

/** What nginx answered. */
export type Heard = Readonly<{
  status: number;
  /** `X-Release`: only the app sets it */
  release: string | null;
  contentType: string;
  location: string | null;
}>;

/** What is known beside the answer. */
type Around = Readonly<{
  /** whether the app answers on its own socket, without nginx */
  isAppUp: boolean;
  /** whether there is an index.html for the pages */
  hasIndex: boolean;
}>;

type Shape = Readonly<{
  apiPath: string;
  livePath: string;
  adminRoot: string | null;
  storybookRoot?: string | null;
}>;

/** The questions to one public site: each route once. */
export function routesOf({ apiPath, livePath, adminRoot, storybookRoot = null }: Shape): readonly Route[] {
  const app = [apiPath, livePath, '/swagger-ui', '/v3/api-docs'];
  return [
    ...app.map((path): Route => ({ kind: 'app', path })),
    { kind: 'page', path: '/' },
    { kind: 'page', path: '/a/page/of/the/client' },
    { kind: 'not-app', path: '/apifoo' },
    { kind: 'file', path: '/there-is-no-such-file.js' },
    { kind: 'hidden', path: '/metrics' },
    ...(adminRoot === null ? [] : below('/admin')),
    ...(storybookRoot === null ? [] : below('/storybook')),
  ];
}

/** The folders whose pages are asked for, by the path that they are below. */
export function rootOf<T>({ path }: Route, roots: Readonly<{ admin: T; storybook: T; web: T }>): T {
  if (path.startsWith('/admin/')) return roots.admin;
  return path.startsWith('/storybook/') ? roots.storybook : roots.web;
}

function below(path: string): readonly Route[] {
  return [
    { kind: 'page', path: `${path}/` },
    { kind: 'page', path: `${path}/a/page` },
    { kind: 'file', path: `${path}/there-is-no-such-file.js` },
  ];
}

/**
 * @param heard null when there was no answer in time
 * @returns what is wrong, or null
 */
export function problemOf(route: Route, heard: Heard | null, around: Around): string | null {
  const problem = judge(route, heard, around);
  return problem === null ? null : `${route.path}: ${problem}`;
}

function judge({ kind }: Route, heard: Heard | null, around: Around): string | null {
  if (kind === 'app') return judgeApp(heard, around);
  if (heard === null) return 'no answer';
  const { status, release, location } = heard;
  if (release !== null) return 'is answered by the app, and should not be';
  switch (kind) {
    case 'page':
      return judgePage(heard, around);
    case 'file':
    case 'hidden':
      return status === 404 ? null : `${status} in the place of 404`;
    case 'redirect':
      return status === 301 && location?.startsWith('https://') ? null : `${status}, no way to https`;
    case 'not-app':
      return status < 500 ? null : String(status);
  }
}

/** Without an app nginx says so itself; a page in its place would look like health. */
function judgeApp(heard: Heard | null, { isAppUp }: Around): string | null {
  if (heard === null) return isAppUp ? 'no answer, though the app answers on its own socket' : null;
  if (heard.release !== null) return null;
  if (heard.status !== 503 || !heard.contentType.includes('json')) return `${heard.status}, not from the app`;
  return isAppUp
    ? 'nginx cannot reach the app, which answers on its own socket: its workers need write permission on the socket and x on every folder above it'
    : null;
}

function judgePage({ status, contentType }: Heard, { hasIndex }: Around): string | null {
  if (status === 200 && contentType.startsWith('text/html')) return null;
  if (status === 404 && !hasIndex) return null;
  return status === 403 || status === 404
    ? `${status}, though there is an index.html: nginx's workers need x on every folder above it, and may read it`
    : `${status} ${contentType}, no page`;
}
