import { CONTRACT_NAME, type MigrationSets, type Phase } from './migrations';

/** What a database has of the migrations of a release, by name, oldest first. */
export type MigrationState = Readonly<
  Record<Phase, Readonly<{ applied: readonly string[]; pending: readonly string[] }>> & {
    /** applied by another release. Those that only add are no harm: the next release expands first */
    readonly unknown: readonly string[];
    /** of those, what took something away: this release is too old for the database */
    readonly beyond: readonly string[];
  }
>;

/** @param applied names that the database remembers */
export function stateOf(sets: MigrationSets, applied: readonly string[]): MigrationState {
  const namesOf = (phase: Phase) => sets[phase].map(({ name }) => name);
  const split = (names: readonly string[]) => ({
    applied: names.filter((name) => applied.includes(name)),
    pending: names.filter((name) => !applied.includes(name)),
  });
  const known = [...namesOf('expand'), ...namesOf('contract')];
  const unknown = applied.filter((name) => !known.includes(name));
  return {
    expand: split(namesOf('expand')),
    contract: split(namesOf('contract')),
    unknown,
    beyond: unknown.filter((name) => CONTRACT_NAME.test(name)),
  };
}
