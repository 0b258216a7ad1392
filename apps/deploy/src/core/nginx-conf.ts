import { renderProblems } from './nginx-problems';

/** All that one site's nginx.conf depends on. Paths are absolute. */
export type NginxSite = Readonly<{
  host: string;
  port: number;
  serverName: string;
  staticRoot: string;
  maxBodyKiB: number;
  workers: number | 'auto';
  /** the link to the live colour's socket */
  liveSocket: string;
  /** where only this machine can ask: which generation is loaded, and the live colour's metrics */
  innerSocket: string;
  /** pid file, logs and temporary files of this nginx */
  home: string;
  /** workers run as this user; null: as whoever starts nginx */
  user: string | null;
  version: NginxVersion;
}>;

export type NginxVersion = readonly [major: number, minor: number, patch: number];

/** From here on nginx keeps connections to an upstream open unless it is told not to. */
const KEEPS_UPSTREAMS_OPEN: NginxVersion = [1, 29, 7];
/** Above the ping interval plus the ping timeout of a websocket (20 s + 25 s), and above the slowest answer. */
const READ_TIMEOUT_S = 90;
const YEAR_S = 31_536_000;

/**
 * Renders the configuration of one site.
 *
 * @param generation what the loaded configuration answers on the inner socket: the only proof that it is in use
 */
export function renderNginx(site: NginxSite, generation: string): string {
  return [
    ...header(site),
    'events {',
    '    worker_connections 4096;',
    '}',
    '',
    'http {',
    ...indent([
      ...common(site),
      '',
      ...upstream(site),
      '',
      ...publicServer(site),
      '',
      ...innerServer(site, generation),
    ]),
    '}',
    '',
  ].join('\n');
}

function header({ user, workers, home }: NginxSite): readonly string[] {
  return [
    '# Generated from deploy.yml by `npm run deploy`. Changes by hand are lost.',
    ...(user === null ? [] : [`user ${user};`]),
    `worker_processes ${workers};`,
    'worker_rlimit_nofile 16384;',
    `pid ${quote(`${home}/nginx.pid`)};`,
    `error_log ${quote(`${home}/error.log`)} warn;`,
    '',
  ];
}

function common({ home }: NginxSite): readonly string[] {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${quote(`${home}/temp/${name}`)};`,
  );
  return [
    ...MIME_TYPES,
    'default_type application/octet-stream;',
    'sendfile on;',
    'tcp_nopush on;',
    'server_tokens off;',
    ...temporary,
    '',
    ...ACCESS_LOG,
    `access_log ${quote(`${home}/access.log`)} json;`,
    '',
    '# A request that asks for an upgrade gets one; any other closes its connection to the app.',
    'map $http_upgrade $connection_upgrade {',
    '    default upgrade;',
    "    '' close;",
    '}',
  ];
}

/** nginx resolves the path at every connect: moving the link moves the traffic, without a reload. */
function upstream({ liveSocket, version }: NginxSite): readonly string[] {
  const isNewer = compare(version, KEEPS_UPSTREAMS_OPEN) >= 0;
  return [
    '# Connections to the app are never kept: a kept one would stay with the old colour after a switch.',
    'upstream live {',
    `    server ${quote(`unix:${liveSocket}`)};`,
    ...(isNewer ? ['    keepalive 0;'] : []),
    '}',
  ];
}

function publicServer(site: NginxSite): readonly string[] {
  return [
    'server {',
    ...indent([
      `listen ${site.host}:${site.port};`,
      `server_name ${site.serverName};`,
      `client_max_body_size ${site.maxBodyKiB}k;`,
      `root ${quote(site.staticRoot)};`,
      '',
      ...proxySettings(),
      '',
      ...renderProblems(),
      '',
      ...proxied(),
      ...staticFiles(),
    ]),
    '}',
  ];
}

function proxySettings(): readonly string[] {
  return [
    'proxy_http_version 1.1;',
    'proxy_set_header Host $host;',
    'proxy_set_header Connection $connection_upgrade;',
    'proxy_set_header Upgrade $http_upgrade;',
    '# Overwritten, never appended to: what a client writes here is not believed.',
    'proxy_set_header X-Forwarded-For $remote_addr;',
    'proxy_set_header X-Forwarded-Proto $scheme;',
    'proxy_set_header X-Forwarded-Host $http_host;',
    'proxy_set_header X-Request-Id $request_id;',
    "proxy_set_header Forwarded '';",
    "proxy_set_header X-Real-IP '';",
    `proxy_read_timeout ${READ_TIMEOUT_S}s;`,
    `proxy_send_timeout ${READ_TIMEOUT_S}s;`,
    '# A request that was sent is never sent again: a POST would be executed twice.',
    'proxy_next_upstream off;',
  ];
}

/** All routes of the app go to one upstream, so that a page and its calls always meet the same release. */
function proxied(): readonly string[] {
  const exact = ['/api', '/swagger-ui', '/v3/api-docs', '/v3/api-docs.yaml', '/health'];
  const below = ['/api/', '/swagger-ui/', '/v3/api-docs/', '/health/'];
  const modifiers = [...exact.map((path) => `= ${path}`), ...below.map((path) => `^~ ${path}`)];
  return [
    ...modifiers.map((match) => `location ${match} { proxy_pass http://live; }`),
    '# Asked on the inner socket only.',
    'location = /metrics { return 404; }',
    'location ^~ /metrics/ { return 404; }',
    '',
  ];
}

function staticFiles(): readonly string[] {
  const file = (cache: string) => [
    '    try_files $uri =404;',
    `    add_header Cache-Control ${quote(cache)};`,
    '    add_header X-Content-Type-Options nosniff always;',
  ];
  return [
    '# A file with a hash in its name never changes its content.',
    'location ~ "[.-](?=[a-f]*[0-9])[0-9a-f]{8,64}\\.[0-9A-Za-z]+$" {',
    ...file(`public, max-age=${YEAR_S}, immutable`),
    '}',
    '# A missing file is missing: the page in its place would be a script that does not parse.',
    'location ~ "\\.[A-Za-z][0-9A-Za-z]*$" {',
    ...file('no-cache'),
    '}',
    '# Any other address is a page of the web client.',
    'location / {',
    '    try_files $uri /index.html =404;',
    "    add_header Cache-Control 'no-cache';",
    '    add_header X-Content-Type-Options nosniff always;',
    '}',
  ];
}

function innerServer({ innerSocket }: NginxSite, generation: string): readonly string[] {
  return [
    'server {',
    `    listen ${quote(`unix:${innerSocket}`)};`,
    '    access_log off;',
    `    location = /generation { return 200 '${generation}'; }`,
    '    location = /metrics { proxy_pass http://live; }',
    '    location / { return 404; }',
    '}',
  ];
}

const ACCESS_LOG = [
  "log_format json escape=json '{'",
  '    \'"time":"$time_iso8601","atS":$msec,"agent":"$http_user_agent",\'',
  '    \'"requestId":"$request_id","remoteAddress":"$remote_addr",\'',
  '    \'"method":"$request_method","path":"$uri","status":$status,"bytes":$body_bytes_sent,\'',
  '    \'"durationS":$request_time,"release":"$upstream_http_x_release",\'',
  '    \'"upstreamStatus":"$upstream_status","upstreamS":"$upstream_response_time"\'',
  "'}';",
];

const MIME_TYPES = [
  'types {',
  '    text/html html;',
  '    text/css css;',
  '    text/javascript js mjs;',
  '    text/plain txt;',
  '    text/xml xml;',
  '    application/json json map;',
  '    application/manifest+json webmanifest;',
  '    application/wasm wasm;',
  '    image/svg+xml svg;',
  '    image/png png;',
  '    image/jpeg jpg jpeg;',
  '    image/gif gif;',
  '    image/webp webp;',
  '    image/avif avif;',
  '    image/x-icon ico;',
  '    font/woff2 woff2;',
  '    font/woff woff;',
  '    audio/mpeg mp3;',
  '    video/mp4 mp4;',
  '}',
  'charset utf-8;',
];

function compare(a: NginxVersion, b: NginxVersion): number {
  const differing = a.findIndex((part, index) => part !== b[index]);
  return differing === -1 ? 0 : (a[differing] ?? 0) - (b[differing] ?? 0);
}

/** Blanks in a path would end an argument; a dollar sign would start a variable. The settings refuse the rest. */
function quote(text: string): string {
  return `"${text}"`;
}

function indent(lines: readonly string[]): readonly string[] {
  return lines.map((line) => (line === '' ? line : `    ${line}`));
}
