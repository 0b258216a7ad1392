import type { Colour } from './colour';
import type { NginxSite } from './nginx-site';
import { block, isAtLeast, quote, type Lines, type NginxVersion } from './nginx-text';

/** From here on nginx keeps connections to an upstream open unless it is told not to. */
const KEEPS_UPSTREAMS_OPEN: NginxVersion = [1, 29, 7];

/** What people's requests are handed to. */
export function targetOf({ pool, preview }: NginxSite): string {
  return pool.mode === 'bluegreen' && !preview ? 'http://live' : 'http://$app';
}

/**
 * nginx resolves the path of a socket at every connect: moving the link moves the traffic, without a reload. With
 * switch.strategy: reload the live server stands in a file of its own, and nothing else changes at a switch.
 */
export function upstreams(site: NginxSite): Lines {
  const { version, scrapePort, develop } = site;
  return [
    '# Connections to the app are never kept: a kept one would stay with the old colour after a switch.',
    ...upstream('live', version, [addressLine('live', site)]),
    ...pool(site),
    ...previewed(site),
    ...chosen(site),
    ...(scrapePort === null
      ? []
      : [
          ...upstream('blue', version, [colourLine('blue', site)]),
          ...upstream('green', version, [colourLine('green', site)]),
        ]),
    ...(develop ? upstream('develop', version, [addressLine(develop.server, site)]) : []),
  ];
}

/**
 * Whether a request that failed may be given to another server. Never one that was sent and may have changed
 * something: with `non_idempotent` a POST would be executed twice. A refused connect carried nothing.
 */
export function retries({ pool, preview }: NginxSite): Lines {
  if (pool.mode === 'bluegreen' && !preview) {
    return [
      '# A request that was sent is never sent again: a POST would be executed twice.',
      'proxy_next_upstream off;',
    ];
  }
  return [
    '# A refused connection goes to the next server; a POST that was sent is never sent again.',
    'proxy_next_upstream error;',
    'proxy_next_upstream_tries 3;',
  ];
}

/** Several servers: the tool's own questions go to the live colour, or a switch could not be verified. */
function pool(site: NginxSite): Lines {
  const { mode, servers, backup, down } = site.pool;
  if (mode === 'bluegreen') return [];
  const line = (server: string, state: string) => addressLine(server, site, state);
  return [
    ...key(site),
    ...upstream('pool', site.version, [
      ...method(site),
      ...servers.map((server) => line(server, down.includes(server) ? ' down' : '')),
      ...backup.map((server) => line(server, ' backup')),
    ]),
  ];
}

/** A preview that is over, or just ends, refuses the connection: the live colour answers instead. */
function previewed(site: NginxSite): Lines {
  const { preview, version } = site;
  if (!preview) return [];
  return upstream('preview', version, [
    addressLine(`unix:${preview.socket}`, site, ' max_fails=0'),
    addressLine('live', site, ' backup'),
  ]);
}

/** Whose requests go where. */
function chosen({ pool, preview }: NginxSite): Lines {
  const people = pool.mode === 'bluegreen' ? 'live' : 'pool';
  if (preview) {
    const rules = [`default ${people};`, '~^: live;', '1:1 preview;'];
    return block('map "$is_person:$is_preview" $app', rules);
  }
  return pool.mode === 'bluegreen' ? [] : block('map $is_person $app', [`default ${people};`, "'' live;"]);
}

function key({ pool }: NginxSite): Lines {
  const cookie = /^cookie:(.*)$/.exec(pool.by ?? '')?.[1];
  if (pool.mode !== 'sticky' || cookie === undefined) return [];
  return [
    '# Who has no cookie yet is recognised by the address.',
    ...block(`map $cookie_${cookie} $sticky_key`, [`default $cookie_${cookie};`, "'' $remote_addr;"]),
  ];
}

function method({ pool: { mode, by = 'address' } }: NginxSite): Lines {
  if (mode === 'balanced') return ['least_conn;'];
  if (by === 'ip_hash') return ['ip_hash;'];
  return [`hash ${by === 'address' ? '$remote_addr' : '$sticky_key'} consistent;`];
}

function upstream(name: string, version: NginxVersion, servers: Lines): Lines {
  const isNewer = isAtLeast(version, KEEPS_UPSTREAMS_OPEN);
  return block(`upstream ${name}`, [...servers, ...(isNewer ? ['keepalive 0;'] : [])]);
}

function addressLine(server: string, { liveSocket, reload }: NginxSite, state = ''): string {
  if (server === 'live' && reload) return `include ${quote(reload.include)};`;
  return `server ${quote(server === 'live' ? `unix:${liveSocket}` : server)}${state};`;
}

function colourLine(colour: Colour, { colourSockets, reload }: NginxSite): string {
  return `server ${quote(reload ? reload.servers[colour] : `unix:${colourSockets[colour]}`)};`;
}
