import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { MIGRATIONS } from './migrations';
import { stateOf, type MigrationState } from './migration-state';
import { Statements } from './statements';

/** Connections of this process: under way, at rest, and the requests that wait for one. */
export interface PoolState {
  readonly used: number;
  readonly free: number;
  readonly waiting: number;
}

interface Countable {
  readonly length: number;
}
interface DriverPool {
  readonly _allConnections: Countable;
  readonly _freeConnections: Countable;
  readonly _connectionQueue: Countable;
}

/** What operators ask about the database. */
@Injectable()
export class DatabaseHealth {
  constructor(
    private readonly dataSource: DataSource,
    private readonly statements: Statements,
  ) {}

  /**
   * What the database has of the migrations of this release, and of newer ones.
   *
   * @throws the driver's error when the database does not answer
   */
  async migrations(): Promise<MigrationState> {
    const rows = await this.statements.select<{ name: string }>('SELECT name FROM migration', []);
    return stateOf(
      MIGRATIONS,
      rows.map(({ name }) => name),
    );
  }

  pool(): PoolState {
    const { pool } = this.dataSource.driver as unknown as { pool: DriverPool };
    const free = pool._freeConnections.length;
    return { used: pool._allConnections.length - free, free, waiting: pool._connectionQueue.length };
  }
}
