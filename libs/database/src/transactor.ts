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
  private readonly inside = new AsyncLocalStorage<{ onCommit: (() => void)[] }>();

  constructor(private readonly dataSource: DataSource) {}

  /**
   * Runs the work in one transaction: all of it is kept, or nothing. A deadlock runs it again from the start, so the
   * work must have no effect outside of the database.
   *
   * @throws NestedTransaction when called inside another transaction
   */
  async write<T>(work: (em: EntityManager) => Promise<T>): Promise<T> {
    if (this.inside.getStore() !== undefined) throw new NestedTransaction();
    const transaction = { onCommit: [] as (() => void)[] };
    const result = await this.inside.run(transaction, () =>
      retryDeadlock(() => {
        transaction.onCommit = [];
        return this.dataSource.transaction(work);
      }),
    );
    for (const announce of transaction.onCommit) announce();
    return result;
  }

  /** Does something once the transaction around it is kept, and not at all when it is undone. */
  onCommit(announce: () => void): void {
    const transaction = this.inside.getStore();
    if (transaction === undefined) throw new Error('no transaction is open');
    transaction.onCommit.push(announce);
  }
}

/** Runs a transaction, or a statement that is one by itself, again when it was the victim of a deadlock. */
export async function retryDeadlock<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      if (tries === MAX_TRIES || !isDeadlock(error)) throw error;
    }
  }
}
