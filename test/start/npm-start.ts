import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../scripts/lib/paths.mjs';
import { freePort } from '../../scripts/lib/ports.mjs';
import { identityOf, isAlive, readProcessFile, send, type Identity } from '../../scripts/lib/processes.mjs';
import { waitFor } from '../../scripts/lib/wait.mjs';
import { makeServerFolder } from '../support/run-folder.mjs';

/** Generous: on a busy machine it may have to wait for somebody who builds. */
const READY_TIMEOUT_MS = 100_000;
const END_TIMEOUT_MS = 30_000;

/** One `npm start`, from outside: a process with an output. */
export interface NpmStart {
  /** of npm itself */
  readonly pid: number;
  readonly address: string;
  output(): string;
  /** Waits until it serves. */
  untilItServes(): Promise<this>;
  /** The processes below npm, as they are now. */
  processes(): Processes;
  /** Sends a signal to npm alone. */
  signal(name: NodeJS.Signals): void;
  /** Does what a terminal does at Ctrl-C: a signal to npm and everything in its process group. */
  pressCtrlC(): void;
  /** Waits for its end. */
  end(): Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
}

/** What one start consists of. */
export type Processes = Readonly<Record<'starter' | 'api' | 'database', Identity>>;

jest.setTimeout(200_000);

type Settings = Readonly<Record<string, string>>;

const started: { readonly pid: number; readonly folder: string }[] = [];

// A failed test leaves its processes running, and jest would wait for their output for ever.
afterAll(() => {
  for (const { pid, folder } of started.splice(0)) {
    const files = ['start.lock', 'api.json', 'mariadb/mariadb.json'].map((file) => join(folder, file));
    const left = [identityOf(pid), ...files.map(readProcessFile)].filter(isAlive);
    for (const identity of left) send(identity, 'SIGKILL');
  }
});

/** Starts `npm start` on a data folder, with no other settings than those given. */
export async function npmStart(folder: string, settings: Settings = {}): Promise<NpmStart> {
  const port = settings['PORT'] ?? String(await freePort());
  const env = { ...plainEnvironment(), DATA_DIR: folder, PORT: port, ...settings };
  const child = spawn('npm', ['start'], {
    cwd: ROOT,
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const pid = child.pid;
  if (pid === undefined) throw new Error('npm is not there');
  started.push({ pid, folder });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)));
  const ended = new Promise<Awaited<ReturnType<NpmStart['end']>>>((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
  return {
    pid,
    address: `http://127.0.0.1:${port}`,
    output: () => output,
    async untilItServes() {
      const early = ended.then(() => Promise.reject(new Error(`npm start ended:\n${output}`)));
      await Promise.race([early, served(() => output)]);
      return this;
    },
    processes: () => processesOf(folder),
    signal: (name) => process.kill(pid, name),
    pressCtrlC: () => process.kill(-pid, 'SIGINT'),
    end: () => inTime(ended, () => `npm start does not end:\n${output}`),
  };
}

/** Makes an empty data folder, which the end of the test run removes with everything that runs in it. */
export function newDataFolder(): string {
  return makeServerFolder(process.env['HARU_TEST_FOLDER'] ?? '', 'data-');
}

/** Waits until none of these processes runs any more. */
export async function untilGone(gone: readonly Identity[]): Promise<void> {
  await waitFor(() => gone.every((identity) => !isAlive(identity)), {
    timeoutMs: 5_000,
    what: 'the end of all',
  });
}

function processesOf(folder: string): Processes {
  const find = (file: string): Identity => {
    const found = readProcessFile(join(folder, file));
    if (found === undefined)
      throw new Error(`no process in ${file}: ${readFileSync(join(folder, file), 'utf8')}`);
    return found;
  };
  return { starter: find('start.lock'), api: find('api.json'), database: find('mariadb/mariadb.json') };
}

async function served(output: () => string): Promise<void> {
  // The hints come last, when all of it runs.
  await waitFor(() => output().includes('Stop: Ctrl-C'), { timeoutMs: READY_TIMEOUT_MS, what: 'npm start' });
}

async function inTime<T>(promise: Promise<T>, message: () => string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(message())), END_TIMEOUT_MS);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** What a newcomer's shell has: nothing of jest's, of an outer npm's, or of this machine's own settings. */
function plainEnvironment(): Record<string, string | undefined> {
  const { PATH, HOME, TMPDIR, LANG } = process.env;
  return { PATH, HOME, ...(TMPDIR === undefined ? {} : { TMPDIR }), ...(LANG === undefined ? {} : { LANG }) };
}
