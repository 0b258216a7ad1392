import { parseArgs } from 'node:util';
import { migrate, migrationState } from './migrate';
import { MigrationsRefused, MigrationsWaited } from './migration-errors';
import type { MigrationState } from './migration-state';
import { MIGRATIONS, PHASES, type MigrationSets, type Phase } from './migrations';

/** How a migration program ends. Whoever deploys goes by these; everything else counts as failed. */
export const MIGRATE_EXIT = {
  done: 0,
  /** run again, it goes on from where it failed */
  failed: 1,
  usage: 2,
  /** nothing was run, and nothing will be until the release or the database is another */
  refused: 3,
  /** somebody was in the way: later it may work */
  waited: 4,
} as const;

const USAGE = `Usage: migrate [--phase expand|contract]   (default: expand)
       migrate --status [--json]`;

export type MigrateProgram = Readonly<{
  /** without node and the script */
  args: readonly string[];
  /** as in DATABASE_URL; asked for when it is needed */
  url: () => string;
  out: (line: string) => void;
  err: (line: string) => void;
  sets?: MigrationSets;
}>;

type Wish = Readonly<{ status: boolean; json: boolean; phase: Phase }>;

/** The program that a release brings along for its database. @returns its exit code */
export async function runMigrateProgram({
  args,
  url,
  out,
  err,
  sets = MIGRATIONS,
}: MigrateProgram): Promise<number> {
  const wish = readWish(args);
  if (!wish) {
    err(USAGE);
    return MIGRATE_EXIT.usage;
  }
  try {
    if (wish.status) {
      const state = await migrationState(url(), sets);
      out(wish.json ? JSON.stringify(state) : renderState(state));
      return MIGRATE_EXIT.done;
    }
    const applied = await migrate(url(), { phase: wish.phase, sets });
    out(applied.length === 0 ? 'The database is up to date.' : `Applied: ${applied.join(', ')}`);
    await tellPending(url(), sets, out);
    return MIGRATE_EXIT.done;
  } catch (error) {
    err(error instanceof Error ? error.message : String(error));
    return exitCodeOf(error);
  }
}

function readWish(args: readonly string[]): Wish | null {
  const options = {
    phase: { type: 'string', default: 'expand' },
    status: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  } as const;
  try {
    const { status, json, phase: word } = parseArgs({ args: [...args], options }).values;
    const phase = PHASES.find((one) => one === word);
    return phase && (status || !json) ? { status, json, phase } : null;
  } catch {
    return null;
  }
}

function exitCodeOf(error: unknown): number {
  if (error instanceof MigrationsRefused) return MIGRATE_EXIT.refused;
  return error instanceof MigrationsWaited ? MIGRATE_EXIT.waited : MIGRATE_EXIT.failed;
}

async function tellPending(url: string, sets: MigrationSets, out: MigrateProgram['out']): Promise<void> {
  if (sets.contract.length === 0) return;
  const { pending } = (await migrationState(url, sets)).contract;
  if (pending.length > 0) out(`Contract pending: ${pending.join(', ')}`);
}

function renderState({ expand, contract, unknown, beyond }: MigrationState): string {
  const list = (names: readonly string[]) => (names.length === 0 ? 'none' : names.join(', '));
  return [
    `expand    applied: ${list(expand.applied)}`,
    `          pending: ${list(expand.pending)}`,
    `contract  applied: ${list(contract.applied)}`,
    `          pending: ${list(contract.pending)}`,
    `of other releases: ${list(unknown)}`,
    ...(beyond.length > 0 ? [`This release is too old for the database: ${list(beyond)}`] : []),
  ].join('\n');
}
