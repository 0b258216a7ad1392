import type { AddressInfo } from 'node:net';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { loadConfig } from '@app/config';
import { migrate } from '@app/database';
import { createConnection, createPool, type Connection, type Pool, type RowDataPacket } from 'mysql2/promise';
import type { DestinationStream } from 'pino';
import { createApp } from '../../apps/api/src/app.setup';
import { createLogger } from '../../apps/api/src/observability/logger';
import { createRequestLog } from '../../apps/api/src/observability/request-log';
import { ApiClient } from './api-client';
import { createDatabase, type TestDatabase } from './mariadb';
import { DocumentedApi } from './documented-api';

export const TEST_SECRET = 'a-secret-of-the-tests-0123456789abcdef';

/** Everybody of a test comes from one address, so there are no limits but in the tests of the limits. */
const SETTINGS = { NODE_ENV: 'test', JWT_SECRET: TEST_SECRET, RATE_LIMITS: 'off' };

/** The whole service in this process, on a database of its own, listening on a free port. */
export interface TestApi {
  readonly app: NestFastifyApplication;
  readonly baseUrl: string;
  readonly client: ApiClient;
  readonly document: DocumentedApi;
  readonly database: TestDatabase;
  /** Lines that were logged, parsed. */
  readonly logs: readonly Record<string, unknown>[];
  /** Looks into, or meddles with, the database behind the service's back. */
  sql<Row = Record<string, unknown>>(sql: string, parameters?: readonly unknown[]): Promise<Row[]>;
  /** A connection of one's own, for locks to hold. End it. */
  connect(): Promise<Connection>;
  stop(): Promise<void>;
}

/** @param env settings beside those that a test needs anyway */
export async function startApi(env: Readonly<Record<string, string>> = {}): Promise<TestApi> {
  const database = await createDatabase();
  await migrate(database.url);
  const config = loadConfig({ ...SETTINGS, DATABASE_URL: database.url, ...env });
  const logs: Record<string, unknown>[] = [];
  const lines = collect(logs);
  const app = await createApp(config, createLogger(config, lines), createRequestLog(config, lines));
  await app.listen(0, '127.0.0.1');
  const { port } = app.getHttpServer().address() as AddressInfo;
  const baseUrl = `http://127.0.0.1:${port}`;
  const document = await DocumentedApi.load(baseUrl);
  const server = {
    socketPath: database.socket,
    user: 'root',
    database: database.name,
    timezone: 'Z',
  };
  const pool = createPool(server);
  return {
    app,
    baseUrl,
    client: new ApiClient(baseUrl, document),
    document,
    database,
    logs,
    sql: (sql, parameters = []) => rowsOf(pool, sql, parameters),
    connect: () => createConnection(server),
    stop: async () => {
      await pool.end();
      app.getHttpServer().closeAllConnections();
      await app.close();
      await database.drop();
    },
  };
}

async function rowsOf<Row>(pool: Pool, sql: string, parameters: readonly unknown[]): Promise<Row[]> {
  const [rows] = await pool.query<RowDataPacket[]>(sql, [...parameters] as (string | number)[]);
  return rows as Row[];
}

function collect(logs: Record<string, unknown>[]): DestinationStream {
  return { write: (line) => void logs.push(JSON.parse(line) as Record<string, unknown>) };
}
