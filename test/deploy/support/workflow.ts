import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { parse } from 'yaml';
import { ROOT } from '../../../scripts/lib/paths.mjs';

type Env = Readonly<Record<string, string>>;

export type Step = Readonly<{
  id?: string;
  name?: string;
  uses?: string;
  run?: string;
  if?: string;
  env?: Env;
  with?: Readonly<Record<string, unknown>>;
}>;

export type Job = Readonly<{
  needs?: string;
  environment?: string;
  env?: Env;
  outputs?: Env;
  'timeout-minutes': number;
  steps: readonly Step[];
}>;

export type Workflow = Readonly<{
  permissions: Readonly<Record<string, string>>;
  concurrency: Readonly<{ group: string; 'cancel-in-progress': boolean }>;
  env: Env;
  jobs: Readonly<Record<string, Job>>;
}>;

export async function readWorkflow(name: string): Promise<Workflow> {
  return parse(await readFile(join(ROOT, '.github/workflows', name), 'utf8')) as Workflow;
}

/** What an expression may name: `inputs.release`, `runner.temp`, … by its whole path. */
type Names = Readonly<Record<string, string>>;

/** Fills `${{ a.b || 'c' }}` as GitHub does. @throws Error for an expression that is more than that */
export function fill(template: string, names: Names): string {
  return template.replaceAll(/\$\{\{(.*?)\}\}/g, (_, expression: string) => {
    const values = expression.split('||').map((part) => valueOf(part.trim(), names));
    return values.find((value) => value !== '') ?? '';
  });
}

function valueOf(part: string, names: Names): string {
  const literal = /^'([^']*)'$/.exec(part)?.[1];
  if (literal !== undefined) return literal;
  if (!/^[\w-]+(\.[\w-]+)+$/.test(part)) throw new Error(`this runner does not understand \${{ ${part} }}`);
  return names[part] ?? '';
}

export type StepResult = Readonly<{ name: string; ok: boolean; out: string }>;

type Options = Readonly<{
  dir: string;
  names: Names;
  /** what the machine has besides */
  env: Env;
  /** what is run in the place of a step's own lines, by its name */
  instead?: Readonly<Record<string, string>>;
}>;

/** As much of a runner as these workflows use: steps in order, files for outputs and the summary, a job that is cancelled. */
export class Runner {
  private running: ChildProcess | null = null;
  private cancelled = false;

  private constructor(private readonly options: Options) {}

  static async make(options: Options): Promise<Runner> {
    for (const name of ['home', 'temp', 'files']) await mkdir(join(options.dir, name), { recursive: true });
    return new Runner(options);
  }

  get summary(): Promise<string> {
    return readFile(this.file('GITHUB_STEP_SUMMARY'), 'utf8');
  }

  /** @returns each step that was run, and how */
  async job(workflow: Workflow, name: string): Promise<readonly StepResult[]> {
    const job = workflow.jobs[name];
    if (!job) throw new Error(`no job ${name}`);
    for (const file of ['GITHUB_OUTPUT', 'GITHUB_ENV', 'GITHUB_STEP_SUMMARY'])
      await writeFile(this.file(file), '');
    this.cancelled = false;
    const results: StepResult[] = [];
    for (const step of job.steps) {
      const isWell = !this.cancelled && results.every(({ ok }) => ok);
      if (step.run === undefined || (!isWell && step.if !== 'always()')) continue;
      results.push(await this.step(step, { ...workflow.env, ...job.env, ...step.env }));
    }
    return results;
  }

  /** @returns what the steps so far have put out */
  async outputs(): Promise<Readonly<Record<string, string>>> {
    const lines = (await readFile(this.file('GITHUB_OUTPUT'), 'utf8')).split('\n').filter(Boolean);
    return Object.fromEntries(lines.map((line) => line.split('=') as [string, string]));
  }

  /** As GitHub does, which waits for 7.5 and for 2.5 s in between: the shell is asked twice, then everything is killed. */
  async cancel(): Promise<void> {
    const { running } = this;
    if (!running?.pid) throw new Error('no step runs');
    this.cancelled = true;
    const ended = once(running, 'exit');
    running.kill('SIGINT');
    running.kill('SIGTERM');
    await ended;
    process.kill(-running.pid, 'SIGKILL');
  }

  private async step({ name = '', run = '' }: Step, env: Env): Promise<StepResult> {
    const { dir, names, instead = {} } = this.options;
    const script = join(dir, 'files', 'step.sh');
    await writeFile(script, fill(instead[name] ?? run, names));
    const filled = Object.entries(env).map(([key, value]) => [key, fill(value, names)]);
    const child = spawn('bash', ['--noprofile', '--norc', '-eo', 'pipefail', script], {
      cwd: ROOT,
      detached: true,
      env: { ...this.machine(), ...(Object.fromEntries(filled) as Env) },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.running = child;
    const [out, err, [code]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'close'),
    ]);
    await appendFile(join(dir, 'files', 'log'), `== ${name}\n${out}${err}`);
    return { name, ok: code === 0, out: out + err };
  }

  private machine(): Env {
    const { dir, env } = this.options;
    const files = ['GITHUB_OUTPUT', 'GITHUB_ENV', 'GITHUB_STEP_SUMMARY'].map((name) => [
      name,
      this.file(name),
    ]);
    return {
      ...(process.env as Env),
      HOME: join(dir, 'home'),
      RUNNER_TEMP: join(dir, 'temp'),
      GITHUB_ACTOR: 'mina',
      ...(Object.fromEntries(files) as Env),
      ...env,
    };
  }

  private file(name: string): string {
    return join(this.options.dir, 'files', name);
  }
}
