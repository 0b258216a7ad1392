import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { startLoad, type Client } from '../../../scripts/bench/switch/load.mjs';
import { ROOT, builtFile } from '../../../scripts/lib/paths.mjs';
import { freePort } from '../../../scripts/lib/ports.mjs';
import { identityOf } from '../../../scripts/lib/processes.mjs';
import { waitFor } from '../../../scripts/lib/wait.mjs';

/** How a command of the deployer ended. A command that was killed has no code. */
export type Ended = Readonly<{ code: number | null; out: string; err: string }>;

/** A command that runs. */
export type Running = Readonly<{ pid: number; ended: Promise<Ended>; output: () => string }>;

type RunOptions = Readonly<{
  /** what the fixture service does wrong; see its file */
  fixture?: string;
  env?: Readonly<Record<string, string>>;
  /** run it in a pseudo terminal, which mixes both outputs */
  terminal?: boolean;
}>;

const FIXTURE = 'test/support/deploy-fixture/service.mjs';

/** Short where a test waits for a refusal; everything else is as quick as the machine. */
const SETTINGS = {
  service: { entry: FIXTURE, migrate: null },
  health: { timeoutMs: 15_000, intervalMs: 20 },
  verify: { timeoutMs: 3_000 },
  watch: { forMs: 200, intervalMs: 20 },
  drain: { minMs: 100, timeoutMs: 5_000, intervalMs: 10 },
  stop: { timeoutMs: 5_000 },
};

/** script(1), of util-linux, gives a program a terminal of 100 columns. No word of ours needs more than quotes. */
function inTerminal(words: readonly string[]): readonly string[] {
  const line = words.map((word) => `'${word}'`).join(' ');
  return ['script', '-qec', `stty cols 100; exec ${line}`, '/dev/null'];
}

/**
 * A place to deploy to: the real deployer as a child process, the real nginx, and a fixture service that can
 * misbehave; all of it in one short temporary folder.
 */
export class Lab {
  private readonly running = new Set<ChildProcess>();

  private constructor(
    readonly dir: string,
    readonly port: number,
  ) {}

  static async open(changes: Readonly<Record<string, unknown>> = {}): Promise<Lab> {
    // The run's own folder, if there is one: what a killed run leaves is swept from there.
    const dir = await mkdtemp(join(process.env['HARU_TEST_FOLDER'] ?? tmpdir(), 'd-'));
    const lab = new Lab(dir, await freePort());
    await lab.configure(changes);
    return lab;
  }

  get origin(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** @param changes whole sections of deploy.yml, instead of those of the lab */
  async configure(changes: Readonly<Record<string, unknown>>): Promise<void> {
    const nginx = { port: this.port, workers: 1, ...(changes['nginx'] as object | undefined) };
    const releasesDir = join(this.dir, 'releases');
    const settings = { stateDir: this.dir, releasesDir, ...SETTINGS, ...changes, nginx };
    await writeFile(join(this.dir, 'deploy.yml'), JSON.stringify(settings));
  }

  start(words: readonly string[], { fixture = '', env = {}, terminal = false }: RunOptions = {}): Running {
    const command = [
      process.execPath,
      builtFile('deploy'),
      ...words,
      '--config',
      join(this.dir, 'deploy.yml'),
    ];
    const [program = '', ...args] = terminal ? inTerminal(command) : command;
    const child = spawn(program, args, {
      cwd: ROOT,
      env: { ...process.env, FIXTURE: fixture, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.running.add(child);
    child.on('exit', () => this.running.delete(child));
    let out = '';
    child.stdout.setEncoding('utf8').on('data', (part: string) => (out += part));
    const ended = Promise.all([text(child.stderr), once(child, 'close')]).then(([err, [code]]): Ended => ({
      code: code as number | null,
      out,
      err,
    }));
    return { pid: child.pid ?? Number.NaN, ended, output: () => out };
  }

  run(words: readonly string[], options?: RunOptions): Promise<Ended> {
    return this.start(words, options).ended;
  }

  /** Runs a command that must succeed. @returns its result */
  async json<T>(words: readonly string[], options?: RunOptions): Promise<T> {
    const { code, out, err } = await this.run([...words, '--json'], options);
    if (code !== 0) throw new Error(`deploy ${words.join(' ')} ended with ${code}: ${err}${out}`);
    return (JSON.parse(out) as { result: T }).result;
  }

  async deploy(release: string, options?: RunOptions): Promise<void> {
    await this.json(['deploy', release], options);
  }

  /** Begins the deploy of a release and waits until it has stopped itself. */
  async freeze(release: string, moment: string): Promise<Running> {
    const deployer = this.start(['deploy', release, '--fault', `${moment}:stop`]);
    const isStopped = async () => / T /.test(await readFile(`/proc/${deployer.pid}/stat`, 'utf8'));
    await waitFor(isStopped, { timeoutMs: 20_000, what: 'the deployer to stop' });
    return deployer;
  }

  /** Asks the site as a stranger would. */
  ask(path: string, init?: RequestInit): Promise<Response> {
    return fetch(this.origin + path, init);
  }

  /** @returns the release that answers through nginx */
  async served(): Promise<string | null> {
    return (await this.ask('/api/v2/time')).headers.get('x-release');
  }

  /** @returns the processes that run for this site, by colour */
  async processes(): Promise<Readonly<Record<'blue' | 'green', number | null>>> {
    const pid = async (colour: string): Promise<number | null> => {
      const note = await readFile(join(this.dir, 'run', `${colour}.pid`), 'utf8').catch(() => '{}');
      const { pid: noted } = JSON.parse(note) as { pid?: number };
      return noted !== undefined && identityOf(noted) ? noted : null;
    };
    return { blue: await pid('blue'), green: await pid('green') };
  }

  /** Kills processes as a crash would. @throws when one is not there: pid 0 would mean this test run itself */
  kill(...pids: readonly (number | null)[]): void {
    if (pids.some((pid) => !pid)) throw new Error('the process to be killed does not run');
    for (const pid of pids) process.kill(pid ?? Number.NaN, 'SIGKILL');
  }

  /** Kills the one process that serves. */
  async killLive(): Promise<void> {
    const { blue, green } = await this.processes();
    this.kill(blue ?? green);
  }

  /** @returns a file of the lab */
  read(name: string): Promise<string> {
    return readFile(join(this.dir, name), 'utf8');
  }

  /** @returns where the live link points */
  link(): Promise<string> {
    return readlink(join(this.dir, 'run/live.sock'));
  }

  async history(): Promise<readonly Readonly<Record<string, unknown>>[]> {
    const lines = (await readFile(join(this.dir, 'history.jsonl'), 'utf8')).trimEnd().split('\n');
    return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  }

  /** Keep-alive clients that get and post without ever retrying. */
  load(clients = 8): ReturnType<typeof startLoad> {
    const judge: Client['judge'] = ({ status, body }) => (status === 200 ? undefined : `${status}: ${body}`);
    const get: Client = { next: () => ({ method: 'GET', path: '/api/v2/time' }), judge };
    const post: Client = {
      next: () => ({ method: 'POST', path: '/api/v2/echo', body: { text: '안녕' } }),
      judge,
    };
    const crowd = Array.from({ length: clients }, (_, index) => (index % 2 === 0 ? get : post));
    return startLoad(this.origin, crowd, { thinkMs: 5 });
  }

  /** Stops everything and removes the folder. */
  async close(): Promise<void> {
    for (const child of this.running) child.kill('SIGKILL');
    await this.configure({});
    const { code, err } = await this.run(['down']);
    if (code !== 0) throw new Error(`the lab cannot be cleared away: ${err}`);
    await rm(this.dir, { recursive: true, force: true });
  }
}
