import { AsyncLocalStorage } from 'node:async_hooks';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { isDeadlock } from './database-errors';

/** A victim of a deadlock tries again; with row locks taken in one order, a third try is already rare. */
const MAX_TRIES = 5;

/** Thrown when a transaction is opened inside another: the inner one would commit on its own. */
export class NestedTransaction extends Error {
  constructor() {
    super('a transaction is open already: hand its entity manager on instead of opening a second one');
    this.name = 'NestedTransaction';
  }
}

/** The only way to change data: nobody else holds the data source. */
@Injectable()
export class Transactor {
  private readonly inside = new AsyncLocalStorage<boolean>();

  constructor(private readonly dataSource: DataSource) {}

  /**
   * Runs the work in one transaction: all of it is kept, or nothing. A deadlock runs it again from the start, so the
   * work must have no effect outside of the database.
   *
   * @throws NestedTransaction when called inside another transaction
   */
  async write<T>(work: (em: EntityManager) => Promise<T>): Promise<T> {
    if (this.inside.getStore() === true) throw new NestedTransaction();
    return this.inside.run(true, async () => {
      for (let tries = 1; ; tries += 1) {
        try {
          return await this.dataSource.transaction(work);
        } catch (error) {
          if (tries === MAX_TRIES || !isDeadlock(error)) throw error;
        }
      }
    });
  }
}
