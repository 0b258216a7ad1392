import { spawn, type ChildProcess } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { migrate } from '@app/database';
import { builtFile } from '../../scripts/lib/paths.mjs';
import { identityOf } from '../../scripts/lib/processes.mjs';
import { waitFor } from '../../scripts/lib/wait.mjs';
import { TEST_SECRET } from './api';
import { ApiClient } from './api-client';
import { DocumentedApi } from './documented-api';
import { createDatabase, type TestDatabase } from './mariadb';
import { makeServerFolder } from './run-folder.mjs';

const START_TIMEOUT_MS = 30_000;
const END_TIMEOUT_MS = 20_000;

export type Settings = Readonly<Record<string, string | undefined>>;
export type LogLine = Readonly<Record<string, unknown>>;

/** The compiled service as a process of its own, to be signalled and killed at will. */
export interface ApiProcess {
  readonly pid: number;
  /** Everything that it wrote to standard output, and to standard error. */
  stdout(): string;
  stderr(): string;
  /** The lines of its log so far. */
  logs(): readonly LogLine[];
  signal(name: NodeJS.Signals): void;
  /** Waits for its end, whatever the reason. */
  end(): Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  /** Ends it as a power cut would, and returns when it has gone. */
  kill9(): Promise<void>;
}

export interface ServingProcess extends ApiProcess {
  /** `http://127.0.0.1:<port>`, or the path of its unix socket. */
  readonly address: string;
}

/** A folder for sockets and files of one test file, removed at the end of the run with what runs in it. */
export function newFolder(): string {
  return makeServerFolder(process.env['HARU_TEST_FOLDER'] ?? '', 'api-');
}

/** An empty, migrated database of one's own. */
export async function migratedDatabase(): Promise<TestDatabase> {
  const database = await createDatabase();
  await migrate(database.url);
  return database;
}

/** Starts the compiled service with these settings and no others, whether it can serve or not. */
export function launchApi(settings: Settings): ApiProcess {
  const { PATH } = process.env;
  const child = spawn(process.execPath, [builtFile('api')], {
    env: { PATH, HOST: '127.0.0.1', PORT: '0', JWT_SECRET: TEST_SECRET, RATE_LIMITS: 'off', ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (child.pid === undefined) throw new Error('the service is not built: run npm run build');
  killAtTheEnd(child.pid);
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => (output.stdout += String(chunk)));
  child.stderr.on('data', (chunk) => (output.stderr += String(chunk)));
  return handle(child, child.pid, output);
}

/** Starts the compiled service and waits until it serves. */
export async function startApiProcess(settings: Settings): Promise<ServingProcess> {
  const api = launchApi(settings);
  let hasEnded = false;
  void api.end().then(
    () => (hasEnded = true),
    () => undefined,
  );
  const address = await waitFor(
    () => {
      if (hasEnded) throw new Error(`the service ended: ${api.stderr()}${api.stdout()}`);
      return api.logs().find(({ msg }) => msg === 'listening')?.['address'] as string | undefined;
    },
    { timeoutMs: START_TIMEOUT_MS, what: 'the service to listen' },
  );
  return Object.assign(api, { address });
}

/** A client that compares each answer of the process with its OpenAPI document. */
export async function clientOf({ address }: ServingProcess): Promise<ApiClient> {
  return new ApiClient(address, await DocumentedApi.load(address));
}

function handle(
  child: ChildProcess,
  pid: number,
  output: Readonly<{ stdout: string; stderr: string }>,
): ApiProcess {
  const ended = new Promise<Awaited<ReturnType<ApiProcess['end']>>>((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
  const end = () => inTime(ended, () => `the service does not end:\n${output.stdout}${output.stderr}`);
  return {
    pid,
    stdout: () => output.stdout,
    stderr: () => output.stderr,
    logs: () => linesOf(output.stdout),
    signal: (name) => void child.kill(name),
    end,
    kill9: async () => {
      child.kill('SIGKILL');
      await end();
    },
  };
}

/** Has a process killed at the end of the run, should a test leave it behind. */
export function killAtTheEnd(pid: number): void {
  const identity = identityOf(pid);
  if (identity !== undefined) writeFileSync(join(newFolder(), 'api.json'), JSON.stringify(identity));
}

/** The last line may still be on its way. */
function linesOf(stdout: string): LogLine[] {
  return stdout
    .split('\n')
    .slice(0, -1)
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as LogLine);
}

async function inTime<T>(promise: Promise<T>, message: () => string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(message())), END_TIMEOUT_MS);
    timer.unref();
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
