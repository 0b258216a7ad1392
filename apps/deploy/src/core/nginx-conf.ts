import { common, limitZones } from './nginx-http';
import { innerServers } from './nginx-inner';
import { publicServers } from './nginx-servers';
import type { NginxSite } from './nginx-site';
import { block, quote, type Lines } from './nginx-text';
import { upstreams } from './nginx-upstreams';

/**
 * Renders the configuration of one nginx.
 *
 * @param generation what the loaded configuration answers on the inner socket: the only proof that it is in use
 */
export function renderNginx(site: NginxSite, generation: string): string {
  const http = [
    ...common(site),
    '',
    ...limitZones(site),
    ...upstreams(site),
    '',
    ...publicServers(site),
    ...innerServers(site, generation),
  ];
  return [
    ...header(site),
    ...block('events', ['worker_connections 8192;']),
    '',
    ...block('http', http),
    '',
  ].join('\n');
}

function header({ user, workers, home, workerShutdownS }: NginxSite): Lines {
  return [
    '# Generated from deploy.yml by `npm run deploy`. Changes by hand are lost.',
    ...(user === null ? [] : [`user ${user};`]),
    `worker_processes ${workers};`,
    'worker_rlimit_nofile 16384;',
    `worker_shutdown_timeout ${workerShutdownS}s;`,
    `pid ${quote(`${home}/nginx.pid`)};`,
    `error_log ${quote(`${home}/error.log`)} warn;`,
    '',
  ];
}
