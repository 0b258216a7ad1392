import { join } from 'node:path';
import { ROOT } from '../../../scripts/lib/paths.mjs';
import { waitFor } from '../../../scripts/lib/wait.mjs';
import type { NspawnLab } from './nspawn-lab';
import type { System } from './nspawn-system';
import { mustSucceed, output, start, type Ended, type Program } from './programs';

/** Where the tool and the fixture service are in the system: this checkout, which it may only read. */
const HOME = '/opt/haru-study';
const FIXTURE = 'test/support/deploy-fixture';

const SETTINGS = {
  stateDir: '/srv/haru/deploy',
  runDir: '/run/haru',
  releasesDir: '/srv/haru/releases',
  driver: { kind: 'systemd', environmentFile: '/etc/haru/service.env' },
  service: { entry: 'service.mjs', migrate: null },
  health: { timeoutMs: 15_000, intervalMs: 20 },
  verify: { timeoutMs: 30_000 },
  watch: { forMs: 300, intervalMs: 20 },
  drain: { minMs: 100, timeoutMs: 5_000, intervalMs: 10 },
  stop: { timeoutMs: 2_000 },
  nginx: { host: '0.0.0.0', port: 80, user: 'www-data', staticRoot: `${HOME}/infra/nginx/www` },
};

/** Requests that failed, and how long nobody was served. */
export type Outage = Readonly<{ asked: number; failed: number; longestMs: number }>;

type Serving = Readonly<{ release: string | null; status: number }>;

/** What a status says, as far as these tests read it. */
export type Status = Readonly<{
  facts: Readonly<{
    state: Readonly<{ live: Readonly<{ colour: string; release: string }> }> | null;
    link: Readonly<{ colour: string; release: string }> | null;
    colours: Readonly<
      Record<'blue' | 'green', Readonly<{ process: Readonly<{ pid: number; release: string }> | null }>>
    >;
    nginx: Readonly<{ answers: Readonly<{ release: string; colour: string }> | null }>;
  }>;
  unfinished: object | null;
}>;

/** A site of the real deployer in a booted system, with the fixture service in releases r1, r2, … */
export class SystemdSite {
  private constructor(
    private readonly lab: NspawnLab,
    readonly system: System,
  ) {}

  static async make(
    lab: NspawnLab,
    name: string,
    changes: Readonly<Record<string, unknown>> = {},
  ): Promise<SystemdSite> {
    const system = await lab.boot(name, [`${ROOT}:${HOME}`]);
    const site = new SystemdSite(lab, system);
    await site.configure(changes);
    await site.environment('');
    await system.must(['systemctl', 'disable', '--now', 'nginx']);
    return site;
  }

  async configure(changes: Readonly<Record<string, unknown>>): Promise<void> {
    await this.system.write('/srv/haru/deploy.yml', JSON.stringify({ ...SETTINGS, ...changes }));
  }

  /** What the fixture does wrong, and whatever else the operator sets for the service. */
  environment(fixture: string, more = ''): Promise<void> {
    return this.system.write('/etc/haru/service.env', `FIXTURE=${fixture}\n${more}`, 0o600);
  }

  async release(...ids: readonly string[]): Promise<void> {
    for (const id of ids) {
      const home = join('/srv/haru/releases', id);
      await this.system.must(['sh', '-c', `mkdir -p ${home} && cp ${HOME}/${FIXTURE}/*.mjs ${home}`]);
    }
  }

  start(...words: readonly string[]): Promise<Program> {
    const main = `${HOME}/dist/apps/deploy/src/main.js`;
    return this.system.start(['node', main, '--config', '/srv/haru/deploy.yml', ...words]);
  }

  async run(...words: readonly string[]): Promise<Ended> {
    return (await this.start(...words)).ended;
  }

  /** Runs a command that must succeed. @returns its result */
  async json<T>(...words: readonly string[]): Promise<T> {
    const { code, out, err } = await this.run(...words, '--json');
    if (code !== 0) throw new Error(`deploy ${words.join(' ')} ended with ${code}: ${err}${out}`);
    return (JSON.parse(out) as { result: T }).result;
  }

  status(): Promise<Status> {
    return this.json<Status>('status');
  }

  /** Asks the site from the network of the lab, as a stranger would. */
  async served(): Promise<Serving> {
    const url = `http://${this.system.address}/api/v2/time`;
    const ask = `fetch('${url}', { signal: AbortSignal.timeout(2000) }).then(
      (answer) => ({ status: answer.status, release: answer.headers.get('x-release') }),
      () => ({ status: 0, release: null }),
    ).then((said) => console.log(JSON.stringify(said)))`;
    return JSON.parse(await output(this.lab.inNetwork([process.execPath, '-e', ask]))) as Serving;
  }

  /** @returns what answers as soon as something does */
  untilServed(): Promise<string> {
    const ask = async () => {
      const { status, release } = await this.served();
      return status === 200 && (release ?? false);
    };
    return waitFor(ask, { timeoutMs: 20_000, what: `${this.system.name} to serve` });
  }

  /** @returns the process ids of its colours, by colour; null where none runs */
  async processes(): Promise<Readonly<Record<'blue' | 'green', number | null>>> {
    const { colours } = (await this.status()).facts;
    return { blue: colours.blue.process?.pid ?? null, green: colours.green.process?.pid ?? null };
  }

  /**
   * Does something that costs people requests, and waits until they are served again.
   *
   * @returns what it cost
   */
  async outage(harm: () => Promise<unknown>): Promise<Outage> {
    const program = join(ROOT, 'test/deploy/support/outage.mjs');
    const url = `http://${this.system.address}/api/v2/time`;
    const asker = start(this.lab.inNetwork([process.execPath, program, url]));
    const says = (word: string) => asker.output().includes(word);
    try {
      await waitFor(() => says('served'), { timeoutMs: 10_000, what: 'the site to serve' });
      await harm();
      await waitFor(() => says('again'), { timeoutMs: 30_000, what: 'the site to serve again' });
    } finally {
      asker.child.kill('SIGTERM');
    }
    const lines = mustSucceed(await asker.ended, 'the asker')
      .trim()
      .split('\n');
    return JSON.parse(lines.at(-1) ?? '') as Outage;
  }
}
