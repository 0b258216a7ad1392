import { lockHolder, type LockHolder } from '../shell/lock';
import { readUnfinished } from '../shell/journal-file';
import type { Unfinished } from '../core/journal';
import type { Session } from './session';

type LockReport = Readonly<{ holder: LockHolder | null; unfinished: Unfinished | null }>;

/**
 * Says who holds the lock and what can be done. It takes nothing away: the kernel gives the lock back in the moment in
 * which its holder ends, and to rob one that works would let two deploys switch at once.
 */
export async function unlock({ site }: Session): Promise<LockReport> {
  const holder = await lockHolder(site.layout.lockFile);
  return { holder, unfinished: await readUnfinished(site.layout.journalFile) };
}

export function renderLock({ holder, unfinished }: LockReport): string {
  if (!holder)
    return ['Nobody holds the lock: nothing is to be done.', ...unfinishedLines(unfinished)].join('\n');
  const { pid, stopped, description } = holder;
  const ways = stopped
    ? [`Let it go on:  kill -CONT ${pid}`, `Or end it:     kill -KILL ${pid}`]
    : ['It works: wait for it.', `Or end it:  kill ${pid}`];
  return [
    `Locked: ${description}.`,
    ...ways,
    'The lock ends with its holder, and the next command finishes or undoes what was begun.',
  ].join('\n');
}

function unfinishedLines(unfinished: Unfinished | null): readonly string[] {
  return unfinished ? ['An earlier run did not finish: the next deploy or rollback settles it first.'] : [];
}
