import { limitsOnRequests } from './nginx-http';
import { clientBelow, hstsLine, hstsOf, webClient, type PageHeaders } from './nginx-pages';
import { previewServer } from './nginx-preview';
import { renderProblems } from './nginx-problems';
import type { NginxSite } from './nginx-site';
import { standbyServer } from './nginx-standby';
import { block, isAtLeast, quote, type Lines, type NginxVersion } from './nginx-text';
import { retries, targetOf } from './nginx-upstreams';

/** From here on HTTP/2 is a directive of its own; the word in `listen` draws a warning. */
const HTTP2_IS_A_DIRECTIVE: NginxVersion = [1, 25, 1];

/** What the two public sites differ in. */
type Face = Readonly<{
  serverName: string;
  port: number;
  certificate: Readonly<{ certificate: string; key: string }> | null;
  target: string;
  staticRoot: string;
  adminRoot: string | null;
  storybookRoot: string | null;
  /** where its deployer asks it, with TLS or without */
  siteSocket: string;
  /** null: the log of the whole nginx, which the watch after a switch reads */
  accessLog: string | null;
  isDevelop: boolean;
}>;

export function publicServers(site: NginxSite): Lines {
  return facesOf(site).flatMap((face) => [
    ...(face.certificate === null ? [] : [...redirectServer(site, face), '']),
    ...publicServer(site, face),
    '',
  ]);
}

function facesOf(site: NginxSite): readonly Face[] {
  const { serverName, port, tls, staticRoot, adminRoot, storybookRoot, develop, home } = site;
  const { siteSocket, developSocket } = site;
  const shared = { serverName, port, certificate: tls, staticRoot, adminRoot, storybookRoot, siteSocket };
  const first: Face = { ...shared, target: targetOf(site), accessLog: null, isDevelop: false };
  if (!develop) return [first];
  const second: Face = {
    ...develop,
    port: develop.port ?? port,
    certificate: develop.tls,
    target: 'http://develop',
    storybookRoot: null,
    siteSocket: developSocket,
    accessLog: `${home}/access-develop.log`,
    isDevelop: true,
  };
  return [first, second];
}

/** Plain HTTP of a site with TLS: certificates are asked for here, everything else is sent on. */
function redirectServer(site: NginxSite, { serverName, port }: Face): Lines {
  const { host, tls } = site;
  // A pattern is no address: then the name that the client used is kept.
  const name = /^[A-Za-z0-9.-]+$/.test(serverName) ? serverName : '$host';
  const suffix = tls && tls.port !== 443 ? `:${tls.port}` : '';
  return block('server', [
    `listen ${host}:${port};`,
    `server_name ${serverName};`,
    'access_log off;',
    ...acme(site),
    ...block('location /', [`return 301 https://${name}${suffix}$request_uri;`]),
  ]);
}

function publicServer(site: NginxSite, face: Face): Lines {
  const { serverName, staticRoot, accessLog } = face;
  return block('server', [
    ...listens(site, face),
    `server_name ${serverName};`,
    `client_max_body_size ${site.maxBodyKiB}k;`,
    `root ${quote(staticRoot)};`,
    ...(accessLog === null ? [] : [`access_log ${quote(accessLog)} json;`]),
    ...(face.certificate ? hstsLine(hstsOf(site)) : []),
    '',
    ...proxySettings(site),
    ...retries(site),
    '',
    ...limitsOnRequests(site),
    ...renderProblems(site.maintenanceRetryAfterS, Math.ceil(60 / (site.limits?.login.perMinute ?? 60))),
    '',
    ...maintenance(site, face),
    ...previewServer(site, face.isDevelop),
    ...standbyServer(site, face.isDevelop),
    ...acme(site),
    ...proxied(face.target),
    ...clients(site, face),
  ]);
}

function listens({ host, tls, version }: NginxSite, { port, certificate, siteSocket }: Face): Lines {
  const own = `listen ${quote(`unix:${siteSocket}`)};`;
  if (certificate === null) return [`listen ${host}:${port};`, own];
  const isDirective = isAtLeast(version, HTTP2_IS_A_DIRECTIVE);
  return [
    `listen ${host}:${tls?.port ?? 443} ssl${isDirective ? '' : ' http2'};`,
    ...(isDirective ? ['http2 on;'] : []),
    own,
    `ssl_certificate ${quote(certificate.certificate)};`,
    `ssl_certificate_key ${quote(certificate.key)};`,
    'ssl_protocols TLSv1.2 TLSv1.3;',
    'ssl_prefer_server_ciphers off;',
    'ssl_session_cache shared:tls:10m;',
    'ssl_session_timeout 1d;',
    'ssl_session_tickets off;',
  ];
}

export function proxySettings({ readTimeoutS }: Pick<NginxSite, 'readTimeoutS'>): Lines {
  return [
    'proxy_http_version 1.1;',
    'proxy_set_header Host $host;',
    'proxy_set_header Connection $connection_upgrade;',
    'proxy_set_header Upgrade $http_upgrade;',
    '# Overwritten, never appended to: what a client writes here is not believed.',
    'proxy_set_header X-Forwarded-For $client_address;',
    'proxy_set_header X-Forwarded-Proto $scheme;',
    'proxy_set_header X-Forwarded-Host $http_host;',
    'proxy_set_header X-Request-Id $request_id;',
    "proxy_set_header Forwarded '';",
    "proxy_set_header X-Real-IP '';",
    'proxy_connect_timeout 5s;',
    `proxy_read_timeout ${readTimeoutS}s;`,
    `proxy_send_timeout ${readTimeoutS}s;`,
  ];
}

/** Seen at the next request, without a reload, and by a restarted nginx too. */
function maintenance({ maintenanceFile }: NginxSite, { isDevelop }: Face): Lines {
  return [
    "set $maintenance '';",
    ...(isDevelop ? [] : [`if (-f ${quote(maintenanceFile)}) { set $maintenance on; }`]),
    '',
  ];
}

function acme({ acmeRoot }: NginxSite): Lines {
  if (acmeRoot === null) return [];
  return block('location ^~ /.well-known/acme-challenge/', [
    `root ${quote(acmeRoot)};`,
    'default_type text/plain;',
    'try_files $uri =404;',
  ]);
}

/** All routes of the app go to one upstream, so that a page and its calls always meet the same release. */
function proxied(target: string): Lines {
  const closable = ['= /api', '^~ /api/', '= /swagger-ui', '^~ /swagger-ui/'];
  const documents = ['= /v3/api-docs', '= /v3/api-docs.yaml', '^~ /v3/api-docs/'];
  const health = ['= /health', '^~ /health/'];
  return [
    ...[...closable, ...documents].flatMap((match) =>
      block(`location ${match}`, ['if ($is_closed) { return 503; }', `proxy_pass ${target};`]),
    ),
    '# Whoever watches the service goes on seeing it during maintenance.',
    ...health.map((match) => `location ${match} { proxy_pass ${target}; }`),
    '# Asked on the inner servers only.',
    'location = /metrics { return 404; }',
    'location ^~ /metrics/ { return 404; }',
    '',
  ];
}

function clients(site: NginxSite, { adminRoot, storybookRoot, certificate, isDevelop }: Face): Lines {
  const { contentSecurityPolicy } = site;
  const hsts = certificate ? hstsOf(site) : null;
  const headers: PageHeaders = { contentSecurityPolicy, hsts, isIndexed: !isDevelop };
  return [
    ...(adminRoot === null ? [] : clientBelow('/admin', adminRoot, { ...headers, isIndexed: false })),
    ...(storybookRoot === null ? [] : clientBelow('/storybook', storybookRoot, headers)),
    ...webClient(headers),
  ];
}
