import {
  aRelease,
  everyWorld,
  factsOf,
  servingSide,
  walk,
  type World,
} from '../../../../test/deploy/support/model';
import type { Action } from './action';
import { servingOn } from './facts';
import { guarded, objectionTo, reliedOnBy } from './guard';
import { HOOKS } from './hooks';
import { planDeploy } from './plan';

const blue = { colour: 'blue', release: 'r1' } as const;
const green = { colour: 'green', release: 'r2' } as const;

function objectionIn(world: World, action: Action): string | null {
  const target = guarded(action);
  if (!target) return null;
  return objectionTo(action, { traffic: world.link, serving: servingOn(factsOf(world), target.colour) });
}

describe('a step', () => {
  it('is not objected to in the world that its plan was made for', () => {
    for (const world of everyWorld()) {
      const { actions } = planDeploy(factsOf(world), aRelease(), {
        hooks: HOOKS,
        smoke: true,
        keepOld: false,
        keepReleases: 5,
        gated: true,
      });
      const worlds = walk(world, actions);
      const objections = actions.map((action, index) => objectionIn(worlds[index] as World, action));
      expect(objections.filter(Boolean)).toEqual([]);
    }
  });

  it.each<[string, Action, string]>([
    [
      'a switch to a colour that has died',
      { kind: 'switch', from: blue, to: green },
      'does not answer any more',
    ],
    [
      'the end of a colour that has the traffic again',
      { kind: 'stop', from: blue },
      'the traffic is on blue (r1)',
    ],
    ['draining it', { kind: 'drain', from: blue }, 'the traffic is on blue (r1) again'],
    ['recording what does not have the traffic', { kind: 'record', to: green }, 'no longer on green (r2)'],
    [
      'starting over what serves',
      { kind: 'start', to: { ...blue, release: 'r2' } },
      'has the traffic by now',
    ],
  ])('is objected to when it would do harm: %s', (_, action, objection) => {
    const world: World = { link: 'blue', up: { blue, green: null }, warm: [], nginx: 'up', recorded: 'r1' };
    expect(servingSide(world)).toBe('blue');
    expect(objectionIn(world, action)).toContain(objection);
  });

  it('needs nothing from the world when it harms nobody', () => {
    expect(guarded({ kind: 'health', to: green })).toBeNull();
    expect(
      objectionTo({ kind: 'verify', from: blue, to: green }, { traffic: null, serving: null }),
    ).toBeNull();
  });
});

describe('what a step relies on', () => {
  const plan = () =>
    planDeploy(factsOf(world), aRelease(), { hooks: HOOKS, smoke: true, keepOld: false, keepReleases: null })
      .actions;
  const world: World = { link: 'blue', up: { blue, green: null }, warm: [], nginx: 'up', recorded: 'r1' };

  it('is, for all that cannot be taken back, that the release that was switched to lives', () => {
    const relied = plan().flatMap((action, index, all) => (reliedOnBy(all, index) ? [action.kind] : []));
    expect(relied).toEqual(['record', 'drain', 'stop']);
    expect(reliedOnBy(plan(), plan().length)).toEqual(green);
  });

  it('lives in every world, as long as nobody dies', () => {
    for (const one of everyWorld()) {
      const { actions } = planDeploy(factsOf(one), aRelease(), {
        hooks: [],
        smoke: false,
        keepOld: false,
        keepReleases: 5,
      });
      const worlds = walk(one, actions);
      const missing = worlds.filter((now, index) => {
        const target = reliedOnBy(actions, index);
        return target && now.up[target.colour]?.release !== target.release;
      });
      expect(missing).toEqual([]);
    }
  });
});
