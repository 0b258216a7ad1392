import { extrasOf } from '../core/hooks';
import { planDeploy, type Plan } from '../core/plan';
import { recover } from '../core/recovery';
import { gatherFacts } from '../shell/gather';
import { readUnfinished } from '../shell/journal-file';
import { measured } from '../shell/migrate';
import { refuseUnknown, type DeployRequest } from '../shell/store/inspect';
import { preflight } from '../shell/store/preflight';
import type { Session } from './session';

/** The very value that `deploy` would run now. Nothing is changed, and nobody is kept waiting. */
export async function plan({ site }: Session, request: DeployRequest): Promise<Plan> {
  await refuseUnknown(site, request);
  const { facts, notes } = await gatherFacts(site);
  const unfinished = await readUnfinished(site.layout.journalFile);
  if (!unfinished) {
    const release = await measured(site, facts, await preflight(site, facts, request));
    const planned = planDeploy(facts, release, extrasOf(site.settings, site.job));
    return { ...planned, notes: [...notes, ...planned.notes] };
  }
  const { plan: first, why } = recover(unfinished, facts);
  const note = `An earlier run did not finish (${why}): this comes first, then the deploy of ${request.id} is planned anew.`;
  return { ...first, notes: [note] };
}
