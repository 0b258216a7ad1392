import { SLOTS, type Placed } from '../core/colour';
import { planContract, type ContractWish } from '../core/contract-plan';
import { DeployError } from '../core/errors';
import { liveTarget, type Facts } from '../core/facts';
import type { Receipt } from '../core/receipt';
import { findProcess } from '../shell/drivers/driver';
import { execute } from '../shell/execute';
import { gatherFacts } from '../shell/gather';
import { servedReleases } from '../shell/history-file';
import { readUnfinished } from '../shell/journal-file';
import { askMigrations } from '../shell/migrate';
import { lookUp } from '../shell/releases';
import { rollbackWindow } from '../shell/rollback-window';
import { settle } from '../shell/settle';
import type { Site } from '../shell/site';
import { alone } from './alone';
import type { Session } from './session';

/**
 * Takes away what only older releases needed, by the contract migrations of the live one. Older releases cannot run any
 * more afterwards.
 *
 * @param closeWindow whether the way back is given up although its time is not over
 * @throws DeployError while somebody may still need it
 */
export async function contract(session: Session, closeWindow: boolean): Promise<Receipt> {
  const { site, reporter } = session;
  return alone(session, 'contract', async () => {
    await refuseUnfinished(site);
    await settle(session);
    const { facts, notes } = await gatherFacts(site);
    notes.forEach(reporter.say);
    return execute(session, planContract(facts, await wishOf(site, facts, closeWindow)));
  });
}

/** Only a run of this very command moves nobody, and may simply be gone on with. */
async function refuseUnfinished({ layout }: Site): Promise<void> {
  const unfinished = await readUnfinished(layout.journalFile);
  if (!unfinished || unfinished.intent === 'contract') return;
  throw new DeployError('needsHuman', {
    what: `An earlier ${unfinished.intent} did not finish: which releases are needed is not settled.`,
    left: 'Nothing was changed.',
    next: 'npm run deploy -- status says what the next deploy or rollback does about it',
  });
}

async function wishOf(site: Site, facts: Facts, closeWindow: boolean): Promise<ContractWish> {
  const live = liveTarget(facts);
  const release = live && (await lookUp(site, live.release));
  return {
    release,
    migrations: release?.migrates ? await askMigrations(site, release.id) : null,
    running: await whatRuns(site),
    served: await servedReleases(site.layout.historyFile, facts.state),
    window: rollbackWindow(site, facts.state),
    closeWindow,
    migrates: site.job?.migrates !== false,
  };
}

async function whatRuns(site: Site): Promise<readonly Placed[]> {
  const found = await Promise.all(
    SLOTS.map(async (colour) => {
      const process = await findProcess(site, colour);
      return process ? [{ colour, release: process.release }] : [];
    }),
  );
  return found.flat();
}
