import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { MIGRATIONS } from './migrations';
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
   * Migrations of this release that the database lacks. Newer ones are fine: the other colour expands first.
   *
   * @throws the driver's error when the database does not answer
   */
  async missingMigrations(): Promise<readonly string[]> {
    const rows = await this.statements.select<{ name: string }>('SELECT name FROM migration', []);
    const applied = new Set(rows.map(({ name }) => name));
    return MIGRATIONS.map(({ name }) => name).filter((name) => !applied.has(name));
  }

  pool(): PoolState {
    const { pool } = this.dataSource.driver as unknown as { pool: DriverPool };
    const free = pool._freeConnections.length;
    return { used: pool._allConnections.length - free, free, waiting: pool._connectionQueue.length };
  }
}
