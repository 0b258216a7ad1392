import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createConnection, type Connection, type RowDataPacket } from 'mysql2/promise';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ROOT } from '../../scripts/lib/paths.mjs';
import type { MigrationClass, MigrationSets } from '../../libs/database/src/migrations';
import { createDatabase, type TestDatabase } from './mariadb';

/** As `deploy-fixture/migrations.mjs` takes them. */
export type Steps = readonly (string | readonly string[])[];
export type Planted = Readonly<{
  expand?: Readonly<Record<string, Steps>>;
  contract?: Readonly<Record<string, Steps>>;
}>;

/** Writes a migration program with its migrations. */
export async function writeMigrateProgram(path: string, planted: Planted): Promise<void> {
  const fixture = JSON.stringify(join(ROOT, 'test/support/deploy-fixture/migrations.mjs'));
  const lines = [
    `import { runMigrations } from ${fixture};`,
    `process.exitCode = await runMigrations(${JSON.stringify(planted)});`,
  ];
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, lines.join('\n'));
}

export type Ended = Readonly<{ code: number | null; out: string; err: string }>;

/** Runs a migration program on a database to its end. */
export function runProgram(path: string, url: string, ...args: readonly string[]): Promise<Ended> {
  const env = { ...process.env, DATABASE_URL: url };
  return new Promise((resolve) => {
    execFile(process.execPath, [path, ...args], { env }, (error, out, err) =>
      resolve({ code: error ? (error.code as number | null) : 0, out, err }),
    );
  });
}

export function startProgram(path: string, url: string, ...args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [path, ...args], {
    env: { ...process.env, DATABASE_URL: url },
    stdio: 'ignore',
  });
}

/** A migration for the runner in this process. */
export function aMigration(name: string, up: (runner: QueryRunner) => Promise<unknown>): MigrationClass {
  const it = class implements MigrationInterface {
    readonly name = name;
    readonly up = async (runner: QueryRunner): Promise<void> => void (await up(runner));
    readonly down = (): Promise<void> => Promise.resolve();
  };
  return Object.defineProperty(it, 'name', { value: name });
}

export function expanding(...expand: readonly MigrationClass[]): MigrationSets {
  return { expand, contract: [] };
}

export function open(database: TestDatabase): Promise<Connection> {
  return createConnection({ socketPath: database.socket, user: 'root', database: database.name });
}

/** Names of a table's columns. */
export async function columnsOf(connection: Connection, table: string): Promise<readonly string[]> {
  const [rows] = await connection.query<RowDataPacket[]>(`SHOW COLUMNS FROM ${table}`);
  return rows.map((row) => row['Field'] as string);
}

/** What other connections to the database are at, as the server says it. */
export async function underWay(connection: Connection): Promise<readonly string[]> {
  const [rows] = await connection.query<RowDataPacket[]>(
    "SELECT CONCAT_WS(' ', STATE, INFO) AS text FROM information_schema.PROCESSLIST WHERE DB = DATABASE() AND ID <> CONNECTION_ID()",
  );
  return rows.map((row) => row['text'] as string);
}

/** An empty database with a release's migration program beside it. */
export type Bench = Readonly<{
  folder: string;
  program: string;
  database: TestDatabase;
  connection: Connection;
  write: (planted: Planted) => Promise<void>;
  run: (...args: readonly string[]) => Promise<Ended>;
  close: () => Promise<void>;
}>;

export async function openBench(): Promise<Bench> {
  const folder = await mkdtemp(join(process.env['HARU_TEST_FOLDER'] ?? tmpdir(), 'migrate-'));
  const program = join(folder, 'migrate.mjs');
  const database = await createDatabase();
  const connection = await open(database);
  return {
    folder,
    program,
    database,
    connection,
    write: (planted) => writeMigrateProgram(program, planted),
    run: (...args) => runProgram(program, database.url, ...args),
    close: async () => {
      await connection.end();
      await database.drop();
      await rm(folder, { recursive: true });
    },
  };
}
