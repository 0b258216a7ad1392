import { nameOf, type Placed } from './colour';
import { DeployError, type Trouble } from './errors';
import { liveTarget, type Facts, type ReleaseFacts } from './facts';
import type { LivePlan } from './plan';

/** What a release's own program says about the database. */
export type Migrations = Readonly<{
  /** not applied yet of those that only add */
  expandPending: readonly string[];
  contractPending: readonly string[];
  /** all contract migrations of the release */
  contract: readonly string[];
  /** contract migrations of a newer release: this one cannot run on the database */
  beyond: readonly string[];
}>;

/** What decides whether something may be taken away. */
export type ContractWish = Readonly<{
  /** the live release as it is found today; null: its code is gone */
  release: ReleaseFacts | null;
  /** null: its program does not say */
  migrations: Migrations | null;
  /** every process that runs for the site, the live one and a standby included */
  running: readonly Placed[];
  /** releases that have served before */
  served: readonly string[];
  /** when the way back is given up by itself */
  window: Readonly<{ isOpen: boolean; closesAt: string }>;
  /** the way back is given up now */
  closeWindow: boolean;
  /** of several hosts one migrates, when all refuse older releases */
  migrates: boolean;
}>;

/**
 * What it takes to take away what no release needs any more. The floor comes first: from the first statement on, older
 * releases may find something missing.
 *
 * @throws DeployError while somebody may still need it
 */
export function planContract(facts: Facts, wish: ContractWish): LivePlan {
  const to = liveTarget(facts);
  if (!to) throw refusal('usage', { what: 'Nothing serves.', next: 'npm run deploy -- status' });
  const digest = refuseUnknownCode(facts, to, wish.release);
  const { contractPending } = fitMigrations(to, wish.migrations);
  const plan = { intent: 'contract', digest, from: to, to } as const;
  if (contractPending.length === 0) {
    return { ...plan, actions: [], notes: [`${to.release} has no contract migration that is pending.`] };
  }
  refuseLiving(to, wish.running);
  refuseOpenWindow(facts, wish);
  const below = wish.served.filter((id) => id !== to.release);
  const migrations = contractPending;
  return {
    ...plan,
    actions: [
      { kind: 'raise-floor', to, migrations, below },
      ...(wish.migrates ? [{ kind: 'contract', to } as const] : []),
    ],
    notes: [],
  };
}

/** The state must be right about what is live: it knows since when, and of which code. */
function refuseUnknownCode({ state }: Facts, live: Placed, release: ReleaseFacts | null): string {
  const isRecorded = state?.live.release === live.release && state.live.colour === live.colour;
  if (isRecorded && release?.fingerprint === state.live.fingerprint) return release.fingerprint;
  const why = isRecorded
    ? 'its code is gone, or another than was deployed'
    : 'the recorded state names another release';
  throw refusal('needsHuman', {
    what: `Which contract migrations belong to ${nameOf(live)} cannot be known: ${why}.`,
    next: 'deploy a release from its own folder (releases/<id>), then run contract again',
  });
}

function fitMigrations({ release }: Placed, migrations: Migrations | null): Migrations {
  if (!migrations) {
    throw refusal('usage', {
      what: `The migration program of ${release} does not say which migrations are pending (--status --json).`,
      next: 'docs/deploys.md says what such a program answers',
    });
  }
  const { expandPending, beyond } = migrations;
  if (expandPending.length === 0 && beyond.length === 0) return migrations;
  const why =
    beyond.length > 0
      ? `${beyond.join(', ')} of a newer release has run already`
      : `${expandPending.join(', ')} must run before`;
  throw refusal('needsHuman', {
    what: `The database is not that of ${release}: ${why}.`,
    next: 'deploy the release that the database belongs to',
  });
}

function refuseLiving({ release }: Placed, running: readonly Placed[]): void {
  const other = running.find((one) => one.release !== release);
  if (!other) return;
  const next =
    other.colour === 'standby' ? 'npm run deploy -- standby stop' : `npm run deploy -- drain ${other.colour}`;
  throw refusal('usage', { what: `${nameOf(other)} still runs, and may need what would be gone.`, next });
}

function refuseOpenWindow({ state }: Facts, { window, closeWindow }: ContractWish): void {
  if (!window.isOpen || closeWindow) return;
  const to = state?.previous ? ` to ${state.previous.release}` : '';
  throw refusal('usage', {
    what: `The way back${to} is open until ${window.closesAt}; contract migrations end it.`,
    next: 'wait, or give it up now: npm run deploy -- contract --close-window',
  });
}

function refusal(kind: 'usage' | 'needsHuman', trouble: Trouble): DeployError {
  return new DeployError(kind, { left: 'Nothing was changed.', ...trouble });
}
