import { DataSource, type QueryRunner } from 'typeorm';
import type { TestApi } from './api';

/** How a transaction is cut: its connection is killed, or the database makes it the victim of a deadlock. */
export type Cut = 'killed' | 'deadlocked';

/** Cuts a transaction just before one of its statements, COMMIT among them. */
export interface Fuse {
  /** Statements seen since it was set. */
  readonly seen: number;
  /** @param at counted from 1; 0 lets everything pass */
  set(cut: Cut, at: number): void;
}

/** Takes the place of the service's transactions. Let it go by `jest.restoreAllMocks()`. */
export function aFuse({ app, sql }: Pick<TestApi, 'app' | 'sql'>): Fuse {
  let [cut, at, seen]: [Cut, number, number] = ['killed', 0, 0];
  const burn = async (runner: QueryRunner): Promise<void> => {
    if (cut === 'deadlocked') throw Object.assign(new Error('cut'), { code: 'ER_LOCK_DEADLOCK' });
    const { threadId } = (await runner.connect()) as { threadId: number };
    await sql('KILL ?', [threadId]);
  };
  const dataSource = app.get(DataSource);
  const create = dataSource.createQueryRunner.bind(dataSource);
  jest.spyOn(dataSource, 'createQueryRunner').mockImplementation((mode) => {
    const runner = create(mode);
    const query = runner.query.bind(runner);
    jest.spyOn(runner, 'query').mockImplementation(async (...statement: Parameters<typeof query>) => {
      seen += 1;
      if (seen === at) await burn(runner);
      return (await query(...statement)) as unknown;
    });
    return runner;
  });
  return {
    get seen() {
      return seen;
    },
    set: (newCut, newAt) => void ([cut, at, seen] = [newCut, newAt, 0]),
  };
}
