// What the specs use of the plain scripts, whose own types are JSDoc that this compilation does not read.

declare module '*/scripts/lib/mariadb-address.mjs' {
  export function databaseUrl(socket: string, database: string): string;
}

declare module '*/scripts/lib/mariadb.mjs' {
  import type { Identity } from '../../scripts/lib/processes.mjs';

  export type Mariadb = Readonly<{
    pid: number;
    socket: string;
    identity: Identity;
    adopted: boolean;
    url: (database?: string) => string;
    stop: () => Promise<void>;
  }>;
  export function startMariadb(dir: string, options?: { fast?: boolean }): Promise<Mariadb>;
  export function stopMariadb(dir: string, options?: { kill?: boolean }): Promise<void>;
}

declare module '*/scripts/lib/processes.mjs' {
  export type Identity = Readonly<{ pid: number; startedAt: string }>;
  export function identityOf(pid: number): Identity | undefined;
  export function isAlive(identity: Identity | undefined): identity is Identity;
  export function send(identity: Identity, signal: NodeJS.Signals): void;
  export function readProcessFile(path: string): Identity | undefined;
  export function waitForEnd(identity: Identity, timeoutMs: number): Promise<void>;
  export function stopProcess(identity: Identity, options: { graceMs: number }): Promise<string>;
}

declare module '*/run-folder.mjs' {
  export function makeServerFolder(runFolder: string, prefix: string): string;
}

declare module '*/scripts/lib/paths.mjs' {
  export const ROOT: string;
  export function builtFile(app: 'api' | 'deploy', file?: string): string;
}

declare module '*/scripts/lib/ports.mjs' {
  export function freePort(host?: string): Promise<number>;
  export function whoListens(port: number): { pid: number; command: string } | undefined;
}

declare module '*/scripts/lib/wait.mjs' {
  export function waitFor<T>(
    ask: () => Promise<T | false | undefined> | T | false | undefined,
    options: { timeoutMs: number; everyMs?: number; what: string },
  ): Promise<T>;
}

declare module '*/scripts/lib/build.mjs' {
  export function removeOrphans(root: string): void;
}

declare module '*/scripts/lib/commands.mjs' {
  export function findCommand(names: string | readonly string[]): string | undefined;
  export function howToInstall(
    names: readonly string[],
    source: { apt: string; brew?: string; otherwise?: string },
  ): string;
}

declare module '*/scripts/lib/dependencies.mjs' {
  type Lock = { packages?: Record<string, { version?: string; optional?: boolean }> };
  export function matchesLock(wanted: Lock | undefined, installed: Lock | undefined): boolean;
}

declare module '*/scripts/lib/jest.mjs' {
  type Counts =
    'numPassedTests' | 'numFailedTests' | 'numPendingTests' | 'numTodoTests' | 'numRuntimeErrorTestSuites';
  export function verdictOf(outcome: { ended: string; counts: Record<Counts, number> | undefined }): {
    passed: number;
    failed: number;
    skipped: number;
    reason?: string;
  };
}

declare module '*/scripts/lib/lock.mjs' {
  type Lock = Readonly<{ tell: (more: Readonly<Record<string, unknown>>) => void; release: () => void }>;
  type Holder = Readonly<{ pid: number; startedAt: string }> & Readonly<Record<string, unknown>>;
  export function tryLock(
    path: string,
    about?: Readonly<Record<string, unknown>>,
  ): Promise<{ lock: Lock } | { holder: Holder | undefined }>;
  export function withLock<T>(path: string, work: () => Promise<T>): Promise<T>;
}

declare module '*/scripts/lib/problem.mjs' {
  export class Problem extends Error {
    readonly exitCode: number;
  }
}

declare module '*/scripts/lib/start/keep-alive.mjs' {
  type Server = Readonly<{ pid: number; ended: Promise<void> }>;
  export function keepAlive<S extends Server>(
    first: S,
    start: () => Promise<S>,
    options?: { now?: () => number; tell?: (text: string) => void },
  ): { gaveUp: Promise<Error>; close: () => Promise<S> };
}

declare module '*/scripts/lib/start/settings.mjs' {
  export function addressOf(listen: { socketPath: string } | { host: string; port: number }): string;
}
