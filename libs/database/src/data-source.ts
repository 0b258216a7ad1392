import { DataSource, type DataSourceOptions } from 'typeorm';
import { isTimeout } from './database-errors';
import type { MigrationClass } from './migrations';

/** How long a new connection may take, in ms, before the request that needs it is answered with 503. */
const CONNECT_TIMEOUT_MS = 2_000;
/** How often the first connection is tried when it takes too long. */
const MAX_FIRST_TRIES = 5;
/** How long a statement waits for a row that another transaction holds, in s, before its request is answered with 503. */
const LOCK_WAIT_S = 5;
/** Requests that may wait for a connection at once; one more is answered with 503 instead of waiting for ever. */
const QUEUE_LIMIT = 5_000;

export type EntityClass = abstract new () => object;

/**
 * Describes the database to TypeORM.
 *
 * @param url `mysql://user:password@host:port/name`, or a unix socket as `mysql://user@localhost/name?socketPath=/path`
 * @param poolSize connections held at most
 * @param migrations those that a runner is to run; a service runs none
 */
export function createDataSource(
  url: string,
  poolSize: number,
  entities: readonly EntityClass[] = [],
  migrations: readonly MigrationClass[] = [],
): DataSource {
  const { hostname, port, username, password, pathname, searchParams } = new URL(url);
  const options: DataSourceOptions = {
    type: 'mysql',
    host: hostname,
    port: port === '' ? 3306 : Number(port),
    socketPath: searchParams.get('socketPath') ?? undefined,
    username: decodeURIComponent(username),
    password: decodeURIComponent(password),
    database: decodeURIComponent(pathname.slice(1)),
    charset: 'utf8mb4_unicode_520_ci',
    timezone: 'Z',
    supportBigNumbers: true,
    bigNumberStrings: false,
    // A reader that has waited for a row lock must see what the lock's holder has written.
    isolationLevel: 'READ COMMITTED',
    connectTimeout: CONNECT_TIMEOUT_MS,
    poolSize,
    extra: { queueLimit: QUEUE_LIMIT },
    entities: [...entities],
    migrations: [...migrations],
    migrationsTableName: 'migration',
    synchronize: false,
    logging: false,
  };
  return new DataSource(options);
}

interface Pool {
  on(event: 'connection', listener: (connection: { query(sql: string): unknown }) => void): void;
}

/**
 * Connects for the first time. A machine that is starting much at once may be too busy to connect in the time that a
 * request would wait: that is no reason to give a whole start, or a deploy, up.
 *
 * @throws the driver's error when the database cannot be reached
 */
export async function connect(...described: Parameters<typeof createDataSource>): Promise<DataSource> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await createDataSource(...described).initialize();
    } catch (error) {
      if (tries === MAX_FIRST_TRIES || !isTimeout(error)) throw error;
    }
  }
}

/**
 * Connects a service that is starting, by all connections that it may hold: the first requests after a switch come all
 * at once and must not wait for connections.
 *
 * @throws the driver's error when the database cannot be reached
 */
export async function openDataSource(...described: Parameters<typeof createDataSource>): Promise<DataSource> {
  const dataSource = await connect(...described);
  const [, poolSize] = described;
  const session = `SET SESSION innodb_lock_wait_timeout = ${LOCK_WAIT_S}`;
  const { pool } = dataSource.driver as unknown as { pool: Pool };
  pool.on('connection', (connection) => void connection.query(session));
  // The connection that the first try has made was there before the listener. One that fails is made when it is needed.
  await Promise.allSettled(Array.from({ length: poolSize }, () => dataSource.query(session)));
  return dataSource;
}
