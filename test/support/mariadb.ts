import { randomBytes } from 'node:crypto';
import { createConnection } from 'mysql2/promise';
import { databaseUrl } from '../../scripts/lib/mariadb-address.mjs';
import { startMariadb } from '../../scripts/lib/mariadb.mjs';
import { waitForEnd } from '../../scripts/lib/processes.mjs';
import { makeServerFolder } from './run-folder.mjs';

/** An empty schema of one test file. */
export type TestDatabase = Readonly<{
  /** value for `DATABASE_URL` */
  url: string;
  name: string;
  /** unix socket of the server that it lives on */
  socket: string;
  drop: () => Promise<void>;
}>;

/** A server of one test file's own, to be killed at will. It keeps what it has acknowledged. */
export interface OwnMariadb {
  /** of the server that runs now: another one after a restart */
  readonly pid: number;
  readonly socket: string;
  /** @param name a schema; `haru`, which is there from the beginning, by default */
  url(name?: string): string;
  /** Ends the server as a power cut would, and returns when it has gone. */
  kill9(): Promise<void>;
  /** Starts the server again on the same data and the same socket. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** Makes an empty schema, without migrations, on the server that the whole run shares. */
export async function createDatabase(): Promise<TestDatabase> {
  const socket = ofRun('HARU_TEST_DB_SOCKET');
  const name = `t_${randomBytes(8).toString('hex')}`;
  await runSql(socket, `CREATE DATABASE \`${name}\``);
  const drop = () => runSql(socket, `DROP DATABASE IF EXISTS \`${name}\``);
  return { url: databaseUrl(socket, name), name, socket, drop };
}

/** Starts a server that nobody else uses. Call `stop` at the end; the run's own end stops it in any case. */
export async function startOwnMariadb(): Promise<OwnMariadb> {
  const folder = makeServerFolder(ofRun('HARU_TEST_FOLDER'), 'own-');
  let server = await startMariadb(folder);
  return {
    get pid() {
      return server.pid;
    },
    get socket() {
      return server.socket;
    },
    url: (name) => server.url(name),
    kill9: async () => {
      process.kill(server.pid, 'SIGKILL');
      await waitForEnd(server.identity, 5_000);
    },
    restart: async () => {
      server = await startMariadb(folder);
    },
    stop: () => server.stop(),
  };
}

async function runSql(socketPath: string, sql: string): Promise<void> {
  const connection = await createConnection({ socketPath, user: 'root' });
  try {
    await connection.query(sql);
  } finally {
    await connection.end();
  }
}

function ofRun(variable: 'HARU_TEST_DB_SOCKET' | 'HARU_TEST_FOLDER'): string {
  const value = process.env[variable];
  if (value === undefined) throw new Error(`${variable} is unset: run the tests by npm test or npx jest`);
  return value;
}
