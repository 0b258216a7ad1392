import { previewMaps } from './nginx-preview';
import { KEEPALIVE_MIN_S, SPARES_IDLE_CLIENTS } from './reload';
import { OWN_AGENT, type NginxSite } from './nginx-site';
import { block, isAtLeast, quote, type Lines } from './nginx-text';

/** What all servers share. */
export function common(site: NginxSite): Lines {
  const { home, version } = site;
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${quote(`${home}/temp/${name}`)};`,
  );
  return [
    ...MIME_TYPES,
    'default_type application/octet-stream;',
    'sendfile on;',
    'tcp_nopush on;',
    'server_tokens off;',
    '# Long names and requests have room.',
    'server_names_hash_bucket_size 512;',
    'map_hash_bucket_size 128;',
    '# Redirects name no port and no scheme: those of a proxy before this one would be others.',
    'absolute_redirect off;',
    ...(isAtLeast(version, SPARES_IDLE_CLIENTS) ? [`keepalive_min_timeout ${KEEPALIVE_MIN_S}s;`] : []),
    ...temporary,
    '',
    ...ACCESS_LOG,
    `access_log ${quote(`${home}/access.log`)} json;`,
    '',
    ...maps(site),
  ];
}

function maps(site: NginxSite): Lines {
  const { limits } = site;
  return [
    '# A request that asks for an upgrade gets one; any other closes its connection to the app.',
    ...block('map $http_upgrade $connection_upgrade', ['default upgrade;', "'' close;"]),
    '# The address of a calendar feed is its key: the log must not hold it.',
    ...block('map $uri $logged_path', [
      '~^/api/v2/calendar-feeds/. /api/v2/calendar-feeds/-;',
      'default $uri;',
    ]),
    '# Everybody but the deployer on this machine.',
    ...block('map "$remote_addr $server_addr $http_user_agent" $is_person', [
      'default 1;',
      String.raw`"~^(127\.0\.0\.1|::1|unix:) \S+ ${OWN_AGENT}$" '';`,
      String.raw`"~^(\S+) \1 ${OWN_AGENT}$" '';`,
    ]),
    '# The deployer goes on working during maintenance.',
    ...block('map $maintenance $is_closed', ["default '';", 'on $is_person;']),
    '# Who asks through a socket has no address: that is this machine.',
    ...block('map $remote_addr $client_address', ['default $remote_addr;', 'unix: 127.0.0.1;']),
    ...(limits ? limitMaps() : []),
    ...previewMaps(site),
  ];
}

/** A request without a key is not counted: polls never are. */
function limitMaps(): Lines {
  return [
    '',
    '# What may be guessed is counted by address. The service has limits of its own: these hold off a flood.',
    ...block('map "$request_method $uri" $login_key', [
      "default '';",
      ...LOGINS.map((request) => `"${request}" $binary_remote_addr;`),
    ]),
    ...block('map "$request_method $uri" $code_key', [
      "default '';",
      `"GET /api/v2/participant-codes" $binary_remote_addr;`,
    ]),
  ];
}

const LOGINS = [
  'POST /api/v2/auth/guest',
  'POST /api/v2/auth/login',
  'POST /api/v2/me/identities',
  'POST /api/admin/login',
  String.raw`~^GET /api/v2/auth/oauth/[^/]+(/callback)?$`,
];

/** The zones, whose key and size stay the same: a reload with another key is refused by a running nginx. */
export function limitZones({ limits }: NginxSite): Lines {
  if (!limits) return [];
  const zone = (name: string, key: string, perMinute: number) =>
    `limit_req_zone $${key} zone=${name}:4m rate=${perMinute}r/m;`;
  return [
    zone('login', 'login_key', limits.login.perMinute),
    zone('codes', 'code_key', limits.codes.perMinute),
    'limit_req_status 429;',
    'limit_req_log_level notice;',
    '',
  ];
}

/** What a server asks of a request before it is handed to the app. */
export function limitsOnRequests({ limits }: NginxSite): Lines {
  if (!limits) return [];
  const rule = (zone: string, burst: number) =>
    `limit_req zone=${zone}${burst > 0 ? ` burst=${burst} nodelay` : ''};`;
  return [rule('login', limits.login.burst), rule('codes', limits.codes.burst), ''];
}

const ACCESS_LOG = [
  "log_format json escape=json '{'",
  '    \'"time":"$time_iso8601","atS":$msec,"agent":"$http_user_agent",\'',
  '    \'"requestId":"$request_id","remoteAddress":"$remote_addr",\'',
  '    \'"method":"$request_method","path":"$logged_path","status":$status,"bytes":$body_bytes_sent,\'',
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
