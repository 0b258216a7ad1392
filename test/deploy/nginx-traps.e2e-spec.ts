import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { configureNginx, startNginx } from '../../apps/deploy/src/shell/nginx';
import { checkConfig } from '../../apps/deploy/src/shell/nginx-program';
import { smoke } from '../../apps/deploy/src/shell/nginx-smoke';
import { failureOf, NginxLab } from './support/nginx-lab';

describe('what nginx takes or refuses on its own', () => {
  let lab: NginxLab;
  beforeAll(async () => {
    lab = await NginxLab.open();
    await lab.write({ 'index.html': 'the web client' });
    await lab.serve('r1');
    await lab.configure();
  });
  afterAll(() => lab.close());

  /** Checks the configuration in use with a change that no setting makes. */
  const check = async (change: (conf: string) => string): Promise<string> => {
    const conf = await lab.conf();
    const changed = change(conf);
    expect(changed).not.toBe(conf);
    const file = join(lab.dir, 'nginx/changed.conf');
    await writeFile(file, changed);
    return checkConfig(lab.site, file);
  };

  it('two servers with one name: nginx only warns, and we refuse', async () => {
    const twin = `    server { listen 127.0.0.1:${lab.port}; server_name localhost; }\n}\n`;
    expect(await failureOf(check((conf) => conf.replace(/\}\n$/, twin)))).toContain(
      'conflicting server name',
    );
  });

  it.each(['ip_hash', 'hash $remote_addr'])(
    '%s with a backup: nginx refuses, as our settings do before',
    async (by) => {
      const servers = `${by}; server 127.0.0.1:1; server 127.0.0.1:2 backup;`;
      const failure = failureOf(
        check((conf) => conf.replace('upstream live {', `upstream sticky { ${servers} }\n$&`)),
      );
      expect(await failure).toMatch(/does not support parameter "backup"/);
    },
  );

  it('a target without a scheme: nginx takes it and answers 500, and the routes tell', async () => {
    const broken = (conf: string) => conf.replaceAll('proxy_pass http://live;', 'proxy_pass $target;');
    const withTarget = (conf: string) =>
      broken(conf).replace('server {', 'map 1 $target { default live; }\n$&');
    expect(await check(withTarget)).toBe('');
    await lab.replaceConf(withTarget);
    expect(await lab.served('/api/v2/time')).toBe('500');
    const problems = await smoke(lab.site);
    expect(problems).toContainEqual('/api/v2/time: 500, not from the app');
    expect(problems).toContainEqual('/health/live: 500, not from the app');
  });

  it('health that falls to the web client would be a 200 for ever, and the routes tell', async () => {
    await lab.configure();
    await lab.replaceConf((conf) => conf.replaceAll(/location (= \/health|\^~ \/health\/) \{.*\}\n/g, ''));
    expect((await lab.ask('/health/live')).status).toBe(200);
    expect(await smoke(lab.site)).toEqual(['/health/live: 200, not from the app']);
  });

  it('a prefix without its slash would give /apifoo to the app, and the routes tell', async () => {
    await lab.configure();
    await lab.replaceConf((conf) => conf.replace('location ^~ /api/ {', 'location ^~ /api {'));
    expect(await smoke(lab.site)).toEqual(['/apifoo: is answered by the app, and should not be']);
  });
});

describe('a configuration that does not serve the site', () => {
  let lab: NginxLab;
  let unmarked: number;
  beforeEach(async () => {
    lab = await NginxLab.open();
    await lab.write({ 'index.html': 'the web client' });
    await lab.serve('r1');
    unmarked = await lab.serve('nobody', null, (_incoming, response) => response.end('hello'));
    await lab.configure();
  });
  afterEach(() => lab.close());

  /** Another program answers where develop's app should. */
  const wrong = () => ({
    develop: { serverName: 'develop.example', server: `127.0.0.1:${unmarked}`, staticRoot: lab.dir },
  });

  it('gives way to the one before, and the routes that failed are named', async () => {
    const before = await lab.conf();
    await lab.load(wrong());
    const failure = await failureOf(configureNginx(lab.site));
    expect(failure).toContain('develop.example /api/v2/time: 200, not from the app');
    expect(failure).toContain('The configuration before is in use again.');
    expect(await lab.conf()).toBe(before);
    const answer = await lab.ask('/api/v2/time', { host: 'develop.example' });
    expect(answer.headers['x-release']).toBe('r1');
  });

  it('is not started either: the last good one is', async () => {
    const before = await lab.conf();
    await lab.stop();
    await lab.load(wrong());
    await configureNginx(lab.site);
    const failure = await failureOf(startNginx(lab.site));
    expect(failure).toContain('nginx runs with its last good configuration.');
    expect(await lab.conf()).toBe(before);
    expect(await lab.served('/api/v2/time')).toBe('r1');
  });

  it('is found out when only the master refuses it: nginx -t and the reload both said 0', async () => {
    const before = await lab.conf();
    const stranger = createServer();
    await new Promise<void>((resolve) => void stranger.listen(0, '127.0.0.1', resolve));
    try {
      const address = stranger.address();
      const scrapePort = typeof address === 'object' ? address?.port : undefined;
      await lab.load({ scrapePort });
      expect(await failureOf(configureNginx(lab.site))).toContain('Address already in use');
    } finally {
      stranger.close();
    }
    expect(await lab.conf()).toBe(before);
    expect(await lab.served('/api/v2/time')).toBe('r1');
  });
});
