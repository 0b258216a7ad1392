import {
  after,
  aRelease,
  aWorld,
  everyWorld,
  factsOf,
  servingSide,
  walk,
  type World,
} from '../../../../test/deploy/support/model';
import type { Action } from './action';
import { COLOURS } from './colour';
import { planDeploy, planPreview, planRollback, planSwitch } from './plan';
import { bucketsOf, readPercent } from './preview';
import { recover } from './recovery';

const kinds = (actions: readonly Action[]) => actions.map(({ kind }) => kind);
const shown = aWorld({ up: { blue: { release: 'r1' }, green: { release: 'r2' } }, previewed: 'green' });
const previous = aRelease({ id: 'r0', fingerprint: 'code of r0' });

/** Whether some action stops a side that is still shown to somebody, or was since it was last drained. */
function stopsWhatIsSeen(world: World, actions: readonly Action[]): boolean {
  const worlds = walk(world, actions);
  return actions.some((action, index) => {
    const before = worlds[index] ?? world;
    return action.kind === 'stop' && before.previewed === action.from.colour;
  });
}

describe('a preview', () => {
  it('brings a release up on the idle side and leaves the traffic where it is', () => {
    const { from, to, actions } = planPreview(factsOf(aWorld()), aRelease(), 5);
    expect([from, to]).toEqual([
      { colour: 'blue', release: 'r1' },
      { colour: 'green', release: 'r2' },
    ]);
    expect(kinds(actions)).toEqual(['migrate', 'start', 'health', 'preview']);
    expect(actions.at(-1)).toMatchObject({ percent: 5 });
    expect(actions.reduce(after, aWorld())).toMatchObject({ link: 'blue', previewed: 'green' });
  });

  it('takes the place of another one, which nobody is shown any more when it is stopped', () => {
    const { actions } = planPreview(factsOf(shown), aRelease({ id: 'r3', fingerprint: 'code of r3' }), 0);
    expect(kinds(actions).slice(0, 3)).toEqual(['end-preview', 'drain', 'stop']);
  });

  it.each([
    ['of what is live already', aWorld(), aRelease({ id: 'r1', fingerprint: 'code of r1' })],
    [
      'where nothing serves',
      aWorld({ link: null, up: { blue: null, green: null }, recorded: null }),
      aRelease(),
    ],
  ])('is refused %s', (_why, world, release) => {
    expect(() => planPreview(factsOf(world), release, 0)).toThrow(/live already|Nothing serves/);
  });

  it('ends when its release goes live, which takes no second start', () => {
    for (const { actions } of [planDeploy(factsOf(shown), aRelease()), planSwitch(factsOf(shown))]) {
      expect(kinds(actions)).not.toContain('start');
      expect(kinds(actions).indexOf('end-preview')).toBe(kinds(actions).indexOf('verify') + 1);
      expect(actions.reduce(after, shown)).toMatchObject({ link: 'green', previewed: null });
    }
  });

  it('ends before its side is cleared for another release', () => {
    const other = aRelease({ id: 'r3', fingerprint: 'code of r3' });
    for (const { actions } of [planDeploy(factsOf(shown), other), planRollback(factsOf(shown), previous)]) {
      expect(kinds(actions).slice(0, 3)).toEqual(['end-preview', 'drain', 'stop']);
    }
  });

  it('is never cut off: no plan stops a side that somebody is still shown, and one side always serves', () => {
    for (const world of everyWorld().flatMap((one) => COLOURS.map((previewed) => ({ ...one, previewed })))) {
      const plan = planDeploy(factsOf(world), aRelease({ id: 'r9', fingerprint: 'code of r9' }));
      expect(stopsWhatIsSeen(world, plan.actions)).toBe(false);
      if (servingSide(world) === null) continue;
      expect(walk(world, plan.actions).every((one) => servingSide(one) !== null)).toBe(true);
    }
  });

  it.each([false, true])('ends with the run that was to bring its release up (verified: %s)', (verified) => {
    const world = verified ? { ...shown, link: 'green' as const, warm: ['green' as const] } : shown;
    const [from, to] = [
      { colour: 'blue', release: 'r1' },
      { colour: 'green', release: 'r2' },
    ] as const;
    const unfinished = { run: '1', intent: 'preview', from, to, lastStep: 'preview', verified } as const;
    const { plan } = recover(unfinished, factsOf(world));
    expect(plan.actions.reduce(after, world).previewed).toBeNull();
    expect(stopsWhatIsSeen(world, plan.actions)).toBe(false);
  });
});

describe('the share of people', () => {
  it.each([
    ['0', 0],
    ['5', 5],
    ['50', 50],
  ])('may be %s %%', (text, percent) => {
    expect(readPercent(text)).toBe(percent);
    expect(bucketsOf(percent)).toHaveLength(percent);
  });

  it.each(['51', '-1', '5.5', 'half', ''])('may not be %j', (text) => {
    expect(() => readPercent(text)).toThrow('from 0 to 50');
  });
});
