import { COLOURS } from './colour';
import { proxySettings } from './nginx-servers';
import type { NginxSite } from './nginx-site';
import { block, quote, type Lines } from './nginx-text';

/** What only this machine can ask: by a socket that the run folder protects, and by a port of the loopback. */
export function innerServers(site: NginxSite, generation: string): Lines {
  const { innerSocket, scrapePort } = site;
  return [
    ...block('server', [
      `listen ${quote(`unix:${innerSocket}`)};`,
      'access_log off;',
      `location = /generation { return 200 '${generation}'; }`,
      'location = /metrics { proxy_pass http://live; }',
      'location / { return 404; }',
    ]),
    ...(scrapePort === null ? [] : ['', ...scrapeServer(site, scrapePort)]),
  ];
}

/** Prometheus cannot ask a unix socket. A colour that does not run answers 502: it is down, as far as it can see. */
function scrapeServer(site: NginxSite, port: number): Lines {
  const routes = COLOURS.flatMap((colour) => [
    `location = /${colour}/metrics { proxy_pass http://${colour}/metrics; }`,
    `location ^~ /${colour}/health/ { proxy_pass http://${colour}/health/; }`,
  ]);
  return block('server', [
    `listen 127.0.0.1:${port};`,
    'access_log off;',
    ...proxySettings(site),
    ...routes,
    'location = /nginx/status { stub_status; }',
    'location / { return 404; }',
  ]);
}
