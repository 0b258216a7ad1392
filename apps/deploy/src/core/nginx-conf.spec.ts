import { renderNginx, type NginxSite } from './nginx-conf';
import { NGINX_PROBLEMS } from './nginx-problems';

const site: NginxSite = {
  host: '127.0.0.1',
  port: 8080,
  serverName: 'localhost',
  staticRoot: '/srv/haru/www',
  maxBodyKiB: 1_024,
  workers: 'auto',
  liveSocket: '/run/haru/live.sock',
  innerSocket: '/run/haru/nginx.sock',
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

  it('never sends a request a second time', () => {
    expect(text).toContain('proxy_next_upstream off;');
    expect(text).not.toContain('non_idempotent');
  });

  it('gives every proxied location a scheme and the one upstream', () => {
    const targets = text.match(/proxy_pass [^;]+/g) ?? [];
    expect(new Set(targets)).toEqual(new Set(['proxy_pass http://live']));
  });

  it('overwrites what a client says about itself', () => {
    expect(text).toContain('proxy_set_header X-Forwarded-For $remote_addr;');
    expect(text).not.toContain('$proxy_add_x_forwarded_for');
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
