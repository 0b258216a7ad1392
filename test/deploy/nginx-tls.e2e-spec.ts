import { mkdir, writeFile } from 'node:fs/promises';
import { connect as connectHttp2 } from 'node:http2';
import { request as requestTls } from 'node:https';
import { join } from 'node:path';
import { DeployError } from '../../apps/deploy/src/core/errors';
import { AccessLog } from '../../apps/deploy/src/shell/access-log';
import { configureNginx } from '../../apps/deploy/src/shell/nginx';
import { releaseAnswering } from '../../apps/deploy/src/shell/probe';
import { loadSite, publicEndpoint, siteUrl } from '../../apps/deploy/src/shell/site';
import { freePort } from '../../scripts/lib/ports.mjs';
import { waitFor } from '../../scripts/lib/wait.mjs';
import { signCertificate } from './support/certificate';
import { Lab } from './support/lab';
import { NginxLab } from './support/nginx-lab';

const NAME = 'haru.example';

describe('a site with TLS', () => {
  let lab: NginxLab;
  let port: number;
  beforeAll(async () => {
    lab = await NginxLab.open();
    port = await freePort();
    await lab.write({
      'www/index.html': 'the web client',
      'acme/.well-known/acme-challenge/token': 'the answer',
    });
    await lab.serve('r1');
    await lab.configure(await section());
  });
  afterAll(() => lab.close());

  const certificate = (name: string) =>
    signCertificate({ certificate: join(lab.dir, `${name}.pem`), key: join(lab.dir, `${name}.key`) });
  const section = async (name = 'first') => ({
    serverName: NAME,
    staticRoot: join(lab.dir, 'www'),
    tls: { ...(await certificate(name)), port, hstsMaxAgeS: 600 },
    acmeRoot: join(lab.dir, 'acme'),
    develop: {
      serverName: 'develop.example',
      server: `unix:${lab.dir}/run/develop.sock`,
      staticRoot: join(lab.dir, 'www'),
      tls: await certificate('develop'),
    },
  });
  const secure = (path: string, host = NAME) => lab.ask(path, { port, host, isTls: true });

  it('answers there, and tells browsers to stay', async () => {
    const page = await secure('/');
    expect(page.body).toBe('the web client');
    expect(page.headers['strict-transport-security']).toBe('max-age=600');
    const answer = await secure('/api/v2/time');
    expect(answer.headers).toMatchObject({ 'x-release': 'r1', 'strict-transport-security': 'max-age=600' });
    expect(JSON.parse(answer.body)).toMatchObject({
      headers: { 'x-forwarded-proto': 'https', 'x-forwarded-for': '127.0.0.1' },
    });
  });

  it('speaks HTTP/2 with who wants it', async () => {
    const session = connectHttp2(`https://127.0.0.1:${port}`, {
      rejectUnauthorized: false,
      servername: NAME,
    });
    try {
      const status = await new Promise((resolve, reject) => {
        session.on('error', reject);
        const stream = session.request({ ':path': '/api/v2/time', ':authority': NAME });
        stream.on('response', (headers) => resolve(headers[':status'])).on('error', reject);
        stream.resume().end();
      });
      expect(status).toBe(200);
    } finally {
      session.destroy();
    }
  });

  it('sends plain HTTP there by its own name, whatever a client claims, with path and query', async () => {
    const { status, headers } = await lab.ask('/a/b?c=1', { host: 'evil.example' });
    expect({ status, to: headers.location }).toEqual({ status: 301, to: `https://${NAME}:${port}/a/b?c=1` });
    expect(await lab.served('/api/v2/time')).toBe('301');
  });

  it('answers the certificate authority without TLS', async () => {
    expect((await lab.ask('/.well-known/acme-challenge/token')).body).toBe('the answer');
    expect((await lab.ask('/.well-known/acme-challenge/none')).status).toBe(404);
  });

  it('has each name answer with its own certificate', async () => {
    const subjectOf = (servername: string): Promise<string | undefined> =>
      new Promise((resolve, reject) => {
        const options = { host: '127.0.0.1', port, servername, rejectUnauthorized: false, agent: false };
        requestTls(options, (incoming) => {
          const { socket } = incoming;
          resolve('getPeerCertificate' in socket ? fingerprint(socket) : undefined);
          incoming.resume();
        })
          .on('error', reject)
          .end();
      });
    expect(await subjectOf(NAME)).not.toBe(await subjectOf('develop.example'));
    expect((await secure('/', 'develop.example')).headers['x-robots-tag']).toBe('noindex');
  });

  it('lets the deployer of develop ask its own site, which speaks TLS with everybody else', async () => {
    const file = join(lab.dir, 'develop.yml');
    const nginx = {
      manage: false,
      serverName: 'develop.example',
      siteSocket: lab.site.layout.developSocket,
      accessLog: join(lab.dir, 'nginx/access-develop.log'),
    };
    await writeFile(file, JSON.stringify({ stateDir: join(lab.dir, 'develop'), nginx }));
    await lab.serve('d1', 'run/develop.sock');
    const site = await loadSite(file, lab.dir);
    const asking = { host: 'develop.example' };
    expect(await releaseAnswering(publicEndpoint(site), '/api/v2/time', asking)).toBe('d1');
    expect(await releaseAnswering(publicEndpoint(lab.site), '/api/v2/time', { host: NAME })).toBe('r1');
    const log = new AccessLog(site.layout.accessLog);
    await secure('/api/v2/time', 'develop.example');
    const seen = await waitFor(async () => (await log.read()).at(-1), { timeoutMs: 5_000, what: 'the log' });
    expect(seen).toMatchObject({ status: 200 });
  });

  it('refuses a key that is not of the certificate, and goes on with the one before', async () => {
    const { tls, ...rest } = await section('second');
    await lab.load({ ...rest, tls: { ...tls, key: join(lab.dir, 'first.key') } });
    const refused = await configureNginx(lab.site).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(DeployError);
    expect((refused as DeployError).trouble.details?.join()).toMatch(/key values mismatch/);
    expect((await secure('/api/v2/time')).headers['x-release']).toBe('r1');
  });

  it('names its address', () => {
    expect(siteUrl(lab.site)).toBe(`https://${NAME}:${port}`);
  });
});

function fingerprint(socket: object): string {
  return (socket as { getPeerCertificate: () => { fingerprint256: string } }).getPeerCertificate()
    .fingerprint256;
}

describe('a deploy to a site with TLS', () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await Lab.open();
  });
  afterAll(() => lab.close());

  it('switches and verifies as it does without, also in the deploy that turns TLS on', async () => {
    const files = await signCertificate({ certificate: join(lab.dir, 'c.pem'), key: join(lab.dir, 'k.pem') });
    const [port, scrapePort] = [await freePort(), await freePort()];
    await mkdir(join(lab.dir, 'www'));
    const tls = { ...files, port };
    const plain = { serverName: NAME, staticRoot: join(lab.dir, 'www') };
    await lab.configure({ nginx: plain });
    await lab.deploy('r1');
    await lab.configure({ nginx: { ...plain, tls, scrapePort } });
    await lab.deploy('r2');
    const status = await lab.run(['status']);
    expect(status.out).toContain(`live      green (r2) on https://${NAME}:${port}`);
    expect(status.out).not.toContain('drift');
    const scrape = await fetch(`http://127.0.0.1:${scrapePort}/green/metrics`);
    expect({ release: scrape.headers.get('x-release'), status: scrape.status }).toEqual({
      release: 'r2',
      status: 200,
    });
    expect((await fetch(`http://127.0.0.1:${scrapePort}/blue/metrics`)).status).toBe(502);
  });
});
