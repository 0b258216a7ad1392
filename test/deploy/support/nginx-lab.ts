import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import {
  createServer,
  request,
  type IncomingHttpHeaders,
  type RequestListener,
  type Server,
} from 'node:http';
import { request as requestTls } from 'node:https';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Duplex } from 'node:stream';
import { text } from 'node:stream/consumers';
import { DeployError } from '../../../apps/deploy/src/core/errors';
import { configureNginx, startNginx, stopNginx } from '../../../apps/deploy/src/shell/nginx';
import { reload } from '../../../apps/deploy/src/shell/nginx-program';
import { generationIn } from '../../../apps/deploy/src/shell/nginx-render';
import { loadSite, prepareFolders, type Site } from '../../../apps/deploy/src/shell/site';
import { ROOT } from '../../../scripts/lib/paths.mjs';
import { freePort } from '../../../scripts/lib/ports.mjs';

export type Answer = Readonly<{ status: number; headers: IncomingHttpHeaders; body: string }>;

export type Asking = Readonly<{
  method?: string;
  host?: string;
  headers?: Readonly<Record<string, string>>;
  /** this machine's address that asks: every 127.x.y.z is one */
  from?: string;
  /** instead of the site's own port */
  port?: number;
  isTls?: boolean;
}>;

type Section = Readonly<Record<string, unknown>>;

/** The real nginx with a generated configuration, in front of small servers of the test; no deployer process. */
export class NginxLab {
  private readonly servers: Server[] = [];
  private loaded: Site | null = null;

  private constructor(
    readonly dir: string,
    readonly port: number,
  ) {}

  /** In a folder that every user of the machine may enter. */
  static async openToAll(): Promise<NginxLab> {
    const lab = await NginxLab.open(tmpdir());
    await chmod(lab.dir, 0o755);
    return lab;
  }

  static async open(parent = process.env['HARU_TEST_FOLDER'] ?? tmpdir()): Promise<NginxLab> {
    const dir = await mkdtemp(join(parent, 'n-'));
    const lab = new NginxLab(dir, await freePort());
    await mkdir(join(dir, 'run'));
    return lab;
  }

  get site(): Site {
    if (!this.loaded) throw new Error('this lab was not configured');
    return this.loaded;
  }

  /** @param section the nginx section of deploy.yml @param others sections beside it */
  async load(section: Section = {}, others: Section = {}): Promise<void> {
    const nginx = { port: this.port, workers: 1, staticRoot: this.dir, ...section };
    const file = join(this.dir, 'deploy.yml');
    await writeFile(file, JSON.stringify({ stateDir: this.dir, ...others, nginx }));
    this.loaded = await loadSite(file, ROOT);
    await prepareFolders(this.site);
  }

  /** Takes an nginx section into use: by a start the first time, by a reload later. */
  async configure(section?: Section, others?: Section): Promise<void> {
    await this.load(section, others);
    await configureNginx(this.site);
    const isRunning = await this.ask('/').then(
      () => true,
      () => false,
    );
    if (!isRunning) await startNginx(this.site);
  }

  /** Writes files below the folder of the lab. */
  async write(files: Readonly<Record<string, string>>): Promise<void> {
    for (const [name, content] of Object.entries(files)) {
      await mkdir(dirname(join(this.dir, name)), { recursive: true });
      await writeFile(join(this.dir, name), content);
    }
  }

  /** A server that marks its answers and says what it heard. @returns its port, where it has one */
  async serve(
    release: string,
    socket: string | null = 'run/live.sock',
    wish?: RequestListener,
  ): Promise<number> {
    const echo: RequestListener = (incoming, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'x-release': release });
      response.end(JSON.stringify({ path: incoming.url, headers: incoming.headers }));
    };
    const server = createServer(wish ?? echo);
    this.servers.push(server);
    const port = socket === null ? await freePort() : 0;
    await new Promise<void>((resolve) => {
      if (socket === null) server.listen(port, '127.0.0.1', resolve);
      else server.listen(join(this.dir, socket), resolve);
    });
    return port;
  }

  ask(path: string, { host, headers = {}, from, isTls = false, ...wish }: Asking = {}): Promise<Answer> {
    const named = host === undefined ? headers : { ...headers, host };
    const source = from === undefined ? {} : { localAddress: from };
    const options = {
      host: '127.0.0.1',
      port: this.port,
      path,
      agent: false,
      headers: named,
      ...wish,
      ...source,
    };
    return new Promise((resolve, reject) => {
      const send = isTls ? requestTls : request;
      const tls = isTls ? { rejectUnauthorized: false, servername: host } : {};
      send({ ...options, ...tls }, (incoming) => {
        const { statusCode: status = 0, headers: received } = incoming;
        text(incoming).then((body) => resolve({ status, headers: received, body }), reject);
      })
        .on('error', reject)
        .end();
    });
  }

  /** @returns the release that answers, or the status where none does */
  async served(path: string, asking?: Asking): Promise<string> {
    const { status, headers } = await this.ask(path, asking);
    const release = headers['x-release'];
    return typeof release === 'string' ? release : String(status);
  }

  /** How the servers so far answer a request to upgrade. */
  onUpgrade(answer: (socket: Duplex) => void): void {
    for (const server of this.servers) server.on('upgrade', (_request, socket: Duplex) => answer(socket));
  }

  read(name: string): Promise<string> {
    return readFile(join(this.dir, name), 'utf8');
  }

  remove(name: string): Promise<void> {
    return rm(join(this.dir, name));
  }

  async stop(): Promise<void> {
    await stopNginx(this.site);
  }

  async restart(): Promise<void> {
    await this.stop();
    await startNginx(this.site);
  }

  conf(): Promise<string> {
    return readFile(this.site.layout.nginxConf, 'utf8');
  }

  /** Takes a configuration into use that no settings would make. */
  async replaceConf(change: (conf: string) => string): Promise<void> {
    const conf = await this.conf();
    const mark = generationIn(conf) ?? '';
    const other = 'f00dfeedf00dfeed';
    await writeFile(this.site.layout.nginxConf, change(conf).replace(mark, other));
    if (!(await reload(this.site, other))) throw new Error('nginx did not take the changed configuration');
  }

  /** Stops everything and removes the folder. */
  async close(): Promise<void> {
    if (this.loaded) await stopNginx(this.loaded);
    for (const server of this.servers) {
      server.close();
      server.closeAllConnections();
    }
    await rm(this.dir, { recursive: true, force: true });
  }
}

/** @returns everything that a person is told about a failure that was expected */
export async function failureOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => new Error('it did not fail'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof DeployError)) throw error;
  const { what, details = [], left = '' } = error.trouble;
  return [what, ...details, left].join('\n');
}
