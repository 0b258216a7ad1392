import { extrasOf } from '../core/hooks';
import { planDeploy, type Plan } from '../core/plan';
import { recover } from '../core/recovery';
import { gatherFacts } from '../shell/gather';
import { readUnfinished } from '../shell/journal-file';
import { findRelease } from '../shell/releases';
import type { Session } from './session';

/** The very value that `deploy` would run now. Nothing is changed, and nobody is kept waiting. */
export async function plan({ site }: Session, id: string): Promise<Plan> {
  const release = await findRelease(site, id);
  const { facts, notes } = await gatherFacts(site);
  const unfinished = await readUnfinished(site.layout.journalFile);
  if (!unfinished) {
    const planned = planDeploy(facts, release, extrasOf(site.settings));
    return { ...planned, notes: [...notes, ...planned.notes] };
  }
  const { plan: first, why } = recover(unfinished, facts);
  const note = `An earlier run did not finish (${why}): this comes first, then the deploy of ${id} is planned anew.`;
  return { ...first, notes: [note] };
}
