import { renderNginx } from './nginx-conf';
import { NGINX_PROBLEMS } from './nginx-problems';
import { nginxSchema } from './nginx-settings';
import type { NginxSite } from './nginx-site';

const site: NginxSite = {
  ...nginxSchema.parse({ staticRoot: '/srv/haru/www' }),
  preview: null,
  standby: null,
  liveSocket: '/run/haru/live.sock',
  colourSockets: { blue: '/run/haru/blue.sock', green: '/run/haru/green.sock' },
  innerSocket: '/run/haru/nginx.sock',
  siteSocket: '/run/haru/site.sock',
  developSocket: '/run/haru/develop-site.sock',
  maintenanceFile: '/srv/haru/maintenance',
  home: '/srv/haru/nginx',
  user: null,
  version: [1, 22, 1],
};

describe('the generated nginx configuration', () => {
  const text = renderNginx(site, 'abc');

  it('names a user only when there is one to name: as nobody the workers could not reach a socket', () => {
    expect(text).not.toMatch(/^user /m);
    expect(renderNginx({ ...site, user: 'root' }, 'abc')).toMatch(/^user root;$/m);
  });

  it.each([
    [[1, 22, 1], false],
    [[1, 29, 6], false],
    [[1, 29, 7], true],
    [[1, 30, 0], true],
    [[2, 0, 0], true],
  ] as const)(
    'switches kept upstream connections off where nginx %j keeps them by default',
    (version, says) => {
      expect(renderNginx({ ...site, version }, 'abc').includes('keepalive 0;')).toBe(says);
    },
  );

  it('takes the live server from a file, with switch.strategy: reload, and both colours from their ports', () => {
    const servers = { blue: '127.0.0.1:18081', green: '127.0.0.1:18082' };
    const pool = { mode: 'balanced', servers: ['live', '10.0.0.2:80'], backup: [], down: [] } as const;
    const reload = { include: '/srv/haru/live.conf', servers };
    const reloading = renderNginx(
      {
        ...site,
        pool: { ...pool, servers: [...pool.servers], backup: [], down: [] },
        scrapePort: 9000,
        reload,
      },
      'abc',
    );
    expect(reloading.match(/include "\/srv\/haru\/live.conf";/g)).toHaveLength(2);
    expect(reloading).toContain('upstream green {\n        server "127.0.0.1:18082";');
    expect(reloading).not.toContain('live.sock');
  });

  it('never sends a request a second time', () => {
    expect(text).toContain('proxy_next_upstream off;');
    expect(text).not.toContain('non_idempotent');
  });

  it('gives every proxied location a scheme and the one upstream', () => {
    const targets = text.match(/proxy_pass [^;]+/g) ?? [];
    expect(new Set(targets)).toEqual(new Set(['proxy_pass http://live']));
  });

  it('overwrites what a client says about itself', () => {
    expect(text).toContain('proxy_set_header X-Forwarded-For $client_address;');
    expect(text).not.toContain('$proxy_add_x_forwarded_for');
  });

  it.each([
    [[1, 27, 3], false],
    [[1, 27, 4], true],
  ] as const)('spares idle clients at a reload where nginx %j can: %j', (version, says) => {
    expect(renderNginx({ ...site, version }, 'abc').includes('keepalive_min_timeout 5s;')).toBe(says);
  });

  it.each([
    [[1, 25, 0], 'ssl http2;', 'http2 on;'],
    [[1, 25, 1], 'http2 on;', 'ssl http2;'],
  ] as const)('turns HTTP/2 on as nginx %j wants it', (version, says, never) => {
    const tls = { certificate: '/c.pem', key: '/k.pem', port: 443, hstsMaxAgeS: 60 };
    const secure = renderNginx({ ...site, tls, version }, 'abc');
    expect(secure).toContain(says);
    expect(secure).not.toContain(never);
  });

  it('does not send a POST again in a pool either', () => {
    const pool = { mode: 'balanced' as const, servers: ['live', '127.0.0.1:3001'], backup: [], down: [] };
    const balanced = renderNginx({ ...site, pool }, 'abc');
    expect(balanced).toContain('proxy_next_upstream error;');
    expect(balanced).not.toContain('non_idempotent');
    expect(new Set(balanced.match(/proxy_pass [^;]+/g))).toEqual(
      new Set(['proxy_pass http://$app', 'proxy_pass http://live']),
    );
  });

  it('has error bodies that are JSON and that nginx can take as they are', () => {
    const bodies = [...text.matchAll(/return \d+ '(\{.*\})';/g)].map(([, body = '']) => body);
    expect(bodies).toHaveLength(NGINX_PROBLEMS.length);
    for (const body of bodies) {
      expect(JSON.parse(body)).toMatchObject({ code: expect.any(Number) as number });
      expect(body).not.toMatch(/['$\\]/);
    }
  });
});
