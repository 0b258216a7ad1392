import { recover } from '../core/recovery';
import type { Status } from '../core/render';
import { gatherFacts } from '../shell/gather';
import { readUnfinished } from '../shell/journal-file';
import { lockHolder } from '../shell/lock';
import { readMaintenance } from '../shell/maintenance-file';
import { siteUrl } from '../shell/site';
import type { Session } from './session';

/** What serves, what is wrong and what the next command would do. Changes nothing and takes no lock. */
export async function status({ site }: Session): Promise<Status> {
  const { facts, notes } = await gatherFacts(site);
  const unfinished = await readUnfinished(site.layout.journalFile);
  return {
    facts,
    unfinished,
    recovery: unfinished && recover(unfinished, facts),
    lockedBy: (await lockHolder(site.layout.lockFile))?.description ?? null,
    url: siteUrl(site),
    maintenance: await readMaintenance(site.layout),
    notes,
  };
}
