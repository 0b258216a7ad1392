import { execFileSync, spawnSync } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { waitFor } from '../../../scripts/lib/wait.mjs';
import { identityOf, isAlive } from '../../../scripts/lib/processes.mjs';

const RUN = { stdio: 'ignore' } as const;

/** An nginx that somebody else runs, with this site, which includes the file with the live server, and another one. */
export class ForeignNginx {
  private constructor(readonly dir: string) {}

  static async open(dir: string, port: number): Promise<ForeignNginx> {
    const nginx = new ForeignNginx(dir);
    await mkdir(join(dir, 'sites'), { recursive: true });
    const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
      .map((name) => `${name}_temp_path ${dir}/temp_${name};`)
      .join('\n');
    const main = `pid ${nginx.pidFile};\nworker_processes 2;\n${process.getuid?.() === 0 ? 'user root;' : ''}
      events {}\nhttp { access_log off; ${temporary} include ${dir}/sites/*.conf; }\n`;
    await writeFile(nginx.conf, main);
    await writeFile(nginx.include, 'server 127.0.0.1:9 down;\n');
    await writeFile(
      join(dir, 'sites/haru.conf'),
      `upstream live { include ${nginx.include}; }
       server { listen 127.0.0.1:${port}; location / {
         proxy_pass http://live; proxy_set_header X-Forwarded-For $remote_addr; } }\n`,
    );
    await nginx.writeOther('# nothing yet\n');
    return nginx;
  }

  get conf(): string {
    return join(this.dir, 'nginx.conf');
  }

  get include(): string {
    return join(this.dir, 'live.conf');
  }

  get pidFile(): string {
    return join(this.dir, 'nginx.pid');
  }

  get errorLog(): string {
    return join(this.dir, 'error.log');
  }

  /** @param rest how a person would go on after `nginx` */
  command(rest = ''): string {
    return `nginx -p ${this.dir} -c ${this.conf} -e ${this.errorLog} ${rest}`.trim();
  }

  /** What deploy.yml says of it. */
  settings(changes: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> {
    const { include, pidFile, errorLog } = this;
    const reloadCommand = this.command('-s reload');
    return { manage: false, include, pidFile, errorLog, reloadCommand, ...changes };
  }

  /** The other site on the same nginx. */
  writeOther(text: string): Promise<void> {
    return writeFile(join(this.dir, 'sites/other.conf'), text);
  }

  start(): void {
    execFileSync('sh', ['-c', this.command()], RUN);
  }

  /** Returns when it has read its configuration again: its master has started other processes by then. */
  async reload(): Promise<void> {
    const pid = await this.pid();
    const workers = () => readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
    const before = await workers();
    execFileSync('sh', ['-c', this.command('-s reload')], RUN);
    await waitFor(async () => (await workers()) !== before, { timeoutMs: 10_000, what: 'a reload' });
  }

  async pid(): Promise<number> {
    return Number(await readFile(this.pidFile, 'utf8').catch(() => '0'));
  }

  async stop(): Promise<void> {
    const master = identityOf(await this.pid());
    if (!master) return;
    spawnSync('sh', ['-c', this.command('-s stop')], RUN);
    await waitFor(() => !isAlive(master), { timeoutMs: 10_000, what: 'the end of nginx' });
  }
}
