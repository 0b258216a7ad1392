import { AsyncLocalStorage } from 'node:async_hooks';
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

/** Notices a transaction inside another. */
interface Nesting {
  isInside(): boolean;
  enter<T>(work: () => Promise<T>): Promise<T>;
}

/** The only way to make changes of more than one statement; a change of one goes through Statements. */
export class Transactor {
  private readonly announcements = new WeakMap<EntityManager, (() => void)[]>();
  private readonly nesting: Nesting;

  /**
   * @param detectNesting whether a transaction inside another is refused. It follows every promise of the process,
   *   which costs a seventh of a poll: for development and tests, where such a mistake shows
   */
  constructor(
    private readonly dataSource: DataSource,
    detectNesting = true,
  ) {
    this.nesting = detectNesting ? detectingNesting() : { isInside: () => false, enter: (work) => work() };
  }

  /**
   * Runs the work in one transaction: all of it is kept, or nothing. A deadlock runs it again from the start, so the
   * work must have no effect outside of the database.
   *
   * @throws NestedTransaction when called inside another transaction
   */
  async write<T>(work: (em: EntityManager) => Promise<T>): Promise<T> {
    if (this.nesting.isInside()) throw new NestedTransaction();
    const { result, em } = await this.nesting.enter(() =>
      retryDeadlock(() => this.dataSource.transaction(async (em) => ({ result: await work(em), em }))),
    );
    for (const announce of this.announcements.get(em) ?? []) announce();
    return result;
  }

  /** Does something once the transaction is kept, and not at all when it is undone. */
  onCommit(em: EntityManager, announce: () => void): void {
    this.announcements.set(em, [...(this.announcements.get(em) ?? []), announce]);
  }
}

function detectingNesting(): Nesting {
  const inside = new AsyncLocalStorage<true>();
  return { isInside: () => inside.getStore() === true, enter: (work) => inside.run(true, work) };
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
