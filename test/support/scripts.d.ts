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
  export function isAlive(identity: Identity | undefined): boolean;
  export function waitForEnd(identity: Identity, timeoutMs: number): Promise<void>;
  export function stopProcess(identity: Identity, options: { graceMs: number }): Promise<string>;
}

declare module '*/run-folder.mjs' {
  export function makeServerFolder(runFolder: string, prefix: string): string;
}
