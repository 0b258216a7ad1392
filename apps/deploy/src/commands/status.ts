import { liveTarget } from '../core/facts';
import { recover } from '../core/recovery';
import type { Status } from '../core/render';
import { gatherFacts } from '../shell/gather';
import { readUnfinished } from '../shell/journal-file';
import { lockHolder } from '../shell/lock';
import { readMaintenance } from '../shell/maintenance-file';
import { contractLeft } from '../shell/migrate';
import { rollbackWindow } from '../shell/rollback-window';
import { siteUrl } from '../shell/site';
import type { Session } from './session';

/** What serves, what is wrong and what the next command would do. Changes nothing and takes no lock. */
export async function status({ site }: Session): Promise<Status> {
  const { facts, notes } = await gatherFacts(site);
  const unfinished = await readUnfinished(site.layout.journalFile);
  const live = liveTarget(facts);
  const begun = facts.state?.floor?.migrations ?? [];
  return {
    facts,
    unfinished,
    recovery: unfinished && recover(unfinished, facts),
    lockedBy: (await lockHolder(site.layout.lockFile))?.description ?? null,
    url: siteUrl(site),
    contractPending: live ? await contractLeft(site, live, begun) : [],
    window: rollbackWindow(site, facts.state),
    maintenance: await readMaintenance(site.layout),
    notes,
  };
}
