import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { OWN_AGENT } from '../../apps/deploy/src/core/nginx-site';
import * as http from '../../apps/deploy/src/shell/http';
import { NginxLab } from './support/nginx-lab';

describe('during maintenance', () => {
  let lab: NginxLab;
  beforeAll(async () => {
    lab = await NginxLab.open();
    await lab.write({ 'www/index.html': 'the web client', 'admin/index.html': 'the admin client' });
    await lab.serve('r1');
    const [staticRoot, adminRoot] = [join(lab.dir, 'www'), join(lab.dir, 'admin')];
    await lab.configure({ staticRoot, adminRoot, maintenanceRetryAfterS: 120 });
    expect(await lab.served('/api/v2/time')).toBe('r1');
    await writeFile(lab.site.layout.maintenanceFile, '');
  });
  afterAll(() => lab.close());

  it.each(['/api/v2/time', '/api/socket.io/?transport=websocket', '/swagger-ui', '/v3/api-docs'])(
    'asks a program at %s to come back, in the error shape of the API',
    async (path) => {
      const { status, headers, body } = await lab.ask(path);
      expect({ status, wait: headers['retry-after'] }).toEqual({ status: 503, wait: '120' });
      expect(headers['content-type']).toBe('application/problem+json; charset=utf-8');
      expect(JSON.parse(body)).toMatchObject({ code: 1691 });
    },
  );

  it.each(['/', '/index.html', '/progress/7', '/admin/', '/admin/members'])(
    'shows a page at %s that says so',
    async (path) => {
      const { status, headers, body } = await lab.ask(path);
      expect({ status, wait: headers['retry-after'] }).toEqual({ status: 503, wait: '120' });
      expect(headers['content-type']).toBe('text/html; charset=utf-8');
      expect(headers['cache-control']).toBe('no-store');
      expect(body).toContain('점검 중');
    },
  );

  it('goes on answering who watches its health', async () => {
    expect(await lab.served('/health/ready')).toBe('r1');
  });

  it('lets the deployer work, and nobody who only claims to be it from elsewhere', async () => {
    const headers = { 'user-agent': OWN_AGENT };
    expect(OWN_AGENT).toBe(http.OWN_AGENT);
    expect(await lab.served('/api/v2/time', { headers })).toBe('r1');
    // 127.0.0.5 stands for another machine: it is neither the usual address of this one nor the one that is asked.
    expect(await lab.served('/api/v2/time', { headers, from: '127.0.0.5' })).toBe('503');
  });

  it('survives a restart of nginx, and ends at once', async () => {
    await lab.restart();
    expect(await lab.served('/api/v2/time')).toBe('503');
    await lab.remove('maintenance');
    expect(await lab.served('/api/v2/time')).toBe('r1');
    expect((await lab.ask('/')).body).toBe('the web client');
  });
});
