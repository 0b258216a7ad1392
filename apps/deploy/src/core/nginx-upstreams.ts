import type { Colour } from './colour';
import type { NginxSite } from './nginx-site';
import { block, isAtLeast, quote, type Lines, type NginxVersion } from './nginx-text';

/** From here on nginx keeps connections to an upstream open unless it is told not to. */
const KEEPS_UPSTREAMS_OPEN: NginxVersion = [1, 29, 7];

/** So long a standby host that did not answer gets no requests, in s. */
export const STANDBY_FAIL_S = 5;

/** What people's requests are handed to. */
export function targetOf(site: NginxSite): string {
  return isLiveAlone(site) ? 'http://live' : 'http://$app';
}

function isLiveAlone({ pool, preview, standby }: NginxSite): boolean {
  return pool.mode === 'bluegreen' && !preview && !standby;
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
    ...helped(site),
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
export function retries(site: NginxSite): Lines {
  if (isLiveAlone(site)) {
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

/** Several servers. */
function pool(site: NginxSite): Lines {
  const { mode } = site.pool;
  if (mode === 'bluegreen') return [];
  const line = (server: string, state: string) => addressLine(server, site, state);
  return [...key(site), ...upstream('pool', site.version, [...method(site), ...members(site, line)])];
}

/** A preview that is over, or just ends, refuses the connection: the live colour answers instead. */
function previewed(site: NginxSite): Lines {
  const { preview, version } = site;
  if (!preview) return [];
  return upstream('preview', version, [
    addressLine(`unix:${preview.socket}`, site, ' max_fails=0'),
    addressLine('live', site, ' max_fails=0 backup'),
  ]);
}

/** The same pool with the standby in it: it is used while that one is wanted. */
function helped(site: NginxSite): Lines {
  const { standby, pool: settings, version } = site;
  if (!standby) return [];
  const line = (server: string, state: string) => addressLine(server, site, state);
  return upstream('helped', version, [
    ...(settings.mode === 'bluegreen' ? ['least_conn;'] : method(site)),
    ...members(site, line),
    // A process that is not there refuses at once; a host that is not there would let everybody wait.
    `server ${quote(standby.server)}${standby.server.startsWith('unix:') ? ' max_fails=0' : ` fail_timeout=${STANDBY_FAIL_S}s`};`,
  ]);
}

/** Whose requests go where. The tool's own go to the live colour, or a switch could not be verified. */
function chosen({ pool: { mode }, preview, standby }: NginxSite): Lines {
  const people = mode === 'bluegreen' ? 'live' : 'pool';
  if (people === 'live' && !preview && !standby) return [];
  const words = ['$is_person', preview ? '$is_preview' : '', standby ? '$standby' : ''];
  return block(`map "${words.join(':')}" $app`, [
    `default ${people};`,
    '~^: live;',
    ...(preview ? ['~^1:1: preview;'] : []),
    ...(standby ? ['1::1 helped;'] : []),
  ]);
}

function members({ pool }: NginxSite, line: (server: string, state: string) => string): Lines {
  const { servers, backup, down } = pool;
  return [
    ...servers.map((server) => line(server, down.includes(server) ? ' down' : '')),
    ...backup.map((server) => line(server, ' backup')),
  ];
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
