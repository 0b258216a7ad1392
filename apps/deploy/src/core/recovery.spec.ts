import {
  after,
  aRelease,
  aWorld,
  factsOf,
  servingSide,
  walk,
  type World,
} from '../../../../test/deploy/support/model';
import type { Action } from './action';
import { parseJournal, unfinishedRun, type JournalEntry } from './journal';
import { HOOKS } from './hooks';
import { planDeploy } from './plan';
import { recover, type Recovery } from './recovery';

const EVERYTHING = { hooks: HOOKS, smoke: true, keepOld: false, keepReleases: 5, gated: true };

/** A deploy of r2 whose deployer died: the first `done` steps have happened, and the journal knows `told` of them. */
function crash(start: World, done: number, told = done): Readonly<{ world: World; recovery: Recovery }> {
  const { actions, from, to } = planDeploy(factsOf(start), aRelease(), EVERYTHING);
  const journal: readonly JournalEntry[] = [
    { phase: 'begin', run: '1', intent: 'deploy', from, to },
    ...actions.slice(0, told).flatMap(({ kind: step }): JournalEntry[] => [
      { phase: 'before', run: '1', step },
      { phase: 'after', run: '1', step },
    ]),
  ];
  const unfinished = unfinishedRun(parseJournal(journal.map((entry) => JSON.stringify(entry))));
  const world = actions.slice(0, done).reduce(after, start);
  if (!unfinished) throw new Error('the journal of a crash has no end');
  return { world, recovery: recover(unfinished, factsOf(world)) };
}

const stepsOf = (start: World): readonly Action[] =>
  planDeploy(factsOf(start), aRelease(), EVERYTHING).actions;
const nothing = aWorld({
  link: null,
  up: { blue: null, green: null },
  warm: [],
  nginx: 'down',
  recorded: null,
});

describe('after a deployer died', () => {
  const cases = [aWorld(), nothing].flatMap((start) =>
    stepsOf(start).flatMap((_, index) => [
      { start, ...crash(start, index, index) },
      { start, ...crash(start, index + 1, index) },
    ]),
  );

  it('goes back before the verification and forward after it', () => {
    const verified = stepsOf(aWorld()).findIndex(({ kind }) => kind === 'verify') + 1;
    expect(crash(aWorld(), verified - 1).recovery.direction).toBe('back');
    expect(crash(aWorld(), verified, verified - 1).recovery.direction).toBe('back');
    expect(crash(aWorld(), verified).recovery.direction).toBe('forward');
  });

  it('keeps one side serving in every step of the recovery', () => {
    for (const { world, recovery } of cases) {
      if (servingSide(world) === null) continue;
      expect(walk(world, recovery.plan.actions).every((one) => servingSide(one) !== null)).toBe(true);
    }
  });

  it('never stops a side before traffic has left it', () => {
    for (const { world, recovery } of cases) {
      const worlds = walk(world, recovery.plan.actions);
      recovery.plan.actions.forEach((action, index) => {
        if (action.kind !== 'stop') return;
        expect(worlds[index]?.link).not.toBe(action.from.colour);
        expect(worlds[index]?.warm).not.toContain(action.from.colour);
      });
    }
  });

  it('ends with one side at most, recorded as live if it is the new one', () => {
    for (const { start, world, recovery } of cases) {
      const end = walk(world, recovery.plan.actions).at(-1) as World;
      const side = servingSide(end);
      expect(Object.values(end.up).filter(Boolean).length).toBeLessThanOrEqual(1);
      expect(end.recorded).toBe(side ? end.up[side]?.release : start.recorded);
    }
  });

  it('lets the next deploy of the same release end well', () => {
    for (const { world, recovery } of cases) {
      const settled = walk(world, recovery.plan.actions).at(-1) as World;
      const end = walk(settled, planDeploy(factsOf(settled), aRelease()).actions).at(-1) as World;
      const side = servingSide(end);
      expect(side && end.up[side]?.release).toBe('r2');
    }
  });
});

describe('when more than the deployer died', () => {
  const atVerify = stepsOf(aWorld()).findIndex(({ kind }) => kind === 'verify');
  const { world } = crash(aWorld(), atVerify);
  const unfinished = {
    run: '1',
    intent: 'deploy' as const,
    from: { colour: 'blue' as const, release: 'r1' },
    to: { colour: 'green' as const, release: 'r2' },
    lastStep: 'verify',
    verified: false,
  };

  it('keeps the new side, though unverified, when the old one is gone', () => {
    const alone = { ...world, up: { ...world.up, blue: null } };
    const { direction, plan } = recover(unfinished, factsOf(alone));
    expect(direction).toBe('forward');
    expect(walk(alone, plan.actions).at(-1)).toMatchObject({ link: 'green', recorded: 'r2' });
  });

  it('goes back to the old side, though the new one was verified, when the new one is deaf', () => {
    const deaf = { ...world, up: { ...world.up, green: { release: 'r2', deaf: true } } };
    const { direction, plan } = recover({ ...unfinished, verified: true }, factsOf(deaf));
    expect(direction).toBe('back');
    expect(servingSide(walk(deaf, plan.actions).at(-1) as World)).toBe('blue');
  });

  it('starts nginx before it asks through it', () => {
    const down = { ...world, nginx: 'down' as const };
    expect(recover(unfinished, factsOf(down)).plan.actions[0]).toEqual({ kind: 'start-nginx' });
  });

  it('has nothing to do after a reboot', () => {
    const rebooted = aWorld({ up: { blue: null, green: null } });
    const { plan, why } = recover(unfinished, factsOf(rebooted));
    expect(plan.actions).toEqual([]);
    expect(why).toBe('neither side serves');
  });
});
