import {
  aRelease,
  aWorld,
  everyWorld,
  factsOf,
  servingSide,
  walk,
  type World,
} from '../../../../test/deploy/support/model';
import type { Action } from './action';
import { HOOKS, NO_EXTRAS, type Extras } from './hooks';
import { planDeploy, planRollback } from './plan';

/** They change nothing that a plan is about. */
const EXTRA_KINDS = [...HOOKS, 'smoke', 'await-go', 'await-keep'];
const kinds = (actions: readonly Action[]) => actions.map(({ kind }) => kind);
const planIn = (world: World) => planDeploy(factsOf(world), aRelease());

describe('the plan of a deploy', () => {
  it('starts the free side, switches when it is healthy, and lets the old side go last', () => {
    const { actions, from, to } = planIn(aWorld());
    expect(from).toEqual({ colour: 'blue', release: 'r1' });
    expect(to).toEqual({ colour: 'green', release: 'r2' });
    expect(kinds(actions)).toEqual([
      'migrate',
      'start',
      'health',
      'switch',
      'verify',
      'watch',
      'record',
      'drain',
      'stop',
    ]);
  });

  it('begins with nginx on a machine where nothing runs yet, and has nothing to let go', () => {
    const nothing = aWorld({
      link: null,
      up: { blue: null, green: null },
      warm: [],
      nginx: 'down',
      recorded: null,
    });
    const { actions, to } = planIn(nothing);
    expect(to.colour).toBe('blue');
    expect(kinds(actions)).toEqual([
      'start-nginx',
      'migrate',
      'start',
      'health',
      'switch',
      'verify',
      'record',
    ]);
  });

  it('clears away first what a broken deploy left on the free side', () => {
    const { actions } = planIn(aWorld({ up: { blue: { release: 'r1' }, green: { release: 'r0' } } }));
    expect(kinds(actions).slice(0, 2)).toEqual(['drain', 'stop']);
    expect(actions[1]).toMatchObject({ from: { colour: 'green', release: 'r0' } });
  });

  it('brings a fix up while the live side is down', () => {
    const dead = aWorld({ up: { blue: null, green: null } });
    expect(walk(dead, planIn(dead).actions).at(-1)).toMatchObject({ link: 'green', recorded: 'r2' });
  });

  it('does not take a stranger who answers on the live socket for the live release', () => {
    const facts = factsOf(aWorld());
    const { process, answers } = facts.colours.blue;
    const blue = { process, answers: answers && { ...answers, pid: 7 } };
    const strange = {
      ...facts,
      colours: { ...facts.colours, blue },
      nginx: { ...facts.nginx, answers: blue.answers },
    };
    expect(planDeploy(strange, aRelease()).from).toBeNull();
    expect(planDeploy(strange, aRelease()).to).toEqual({ colour: 'green', release: 'r2' });
  });

  it('does nothing when the release is live already', () => {
    const { actions, notes } = planDeploy(
      factsOf(aWorld()),
      aRelease({ id: 'r1', fingerprint: 'code of r1' }),
    );
    expect(actions).toEqual([]);
    expect(notes.join()).toContain('is live already');
  });

  it('starts the same release afresh when it is recorded as live but down', () => {
    const dead = aWorld({ up: { blue: null, green: null } });
    const { actions } = planDeploy(factsOf(dead), aRelease({ id: 'r1', fingerprint: 'code of r1' }));
    expect(kinds(actions)).toContain('start');
  });

  it('refuses other code under an id that was deployed before', () => {
    const changed = aRelease({ id: 'r1', fingerprint: 'other code', source: 'build' });
    expect(() => planDeploy(factsOf(aWorld()), changed)).toThrow('an id stands for one release');
  });

  it('moves a link back to where nginx answers from before anything else', () => {
    const facts = factsOf(aWorld({ up: { blue: { release: 'r1' }, green: { release: 'r0' } } }));
    const moved = { ...facts, link: { colour: 'green' as const, release: 'r0' } };
    const { actions, from } = planDeploy(moved, aRelease());
    expect(from).toEqual({ colour: 'blue', release: 'r1' });
    expect(actions[0]).toEqual({ kind: 'switch', from: null, to: { colour: 'blue', release: 'r1' } });
  });

  it('leaves an nginx alone that is not its own', () => {
    const facts = factsOf(aWorld({ nginx: 'outdated' }));
    const { actions } = planDeploy({ ...facts, nginx: { ...facts.nginx, managed: false } }, aRelease());
    expect(kinds(actions)).not.toContain('configure-nginx');
  });
});

/** All that the settings can add to a plan. */
const EVERYTHING: Extras = { hooks: HOOKS, smoke: true, keepOld: false, keepReleases: 5, gated: true };

describe.each([
  ['', NO_EXTRAS],
  [', with smoke and all hooks', EVERYTHING],
])('every plan, in every world that can be met%s', (_, extras) => {
  const cases = everyWorld().map((world) => ({
    world,
    actions: planDeploy(factsOf(world), aRelease(), extras).actions,
  }));

  it('covers a good number of worlds', () => {
    expect(cases.length).toBeGreaterThan(50);
  });

  it('never stops a side before traffic has left it', () => {
    for (const { world, actions } of cases) {
      const worlds = walk(world, actions);
      actions.forEach((action, index) => {
        if (action.kind !== 'stop') return;
        expect(worlds[index]?.link === action.from.colour && servingSide(worlds[index] as World)).toBeFalsy();
        expect(worlds[index]?.warm).not.toContain(action.from.colour);
      });
    }
  });

  it('leaves a serving side after each of its steps, once there was one', () => {
    for (const { world, actions } of cases) {
      if (servingSide(world) === null) continue;
      expect(walk(world, actions).every((one) => servingSide(one) !== null)).toBe(true);
    }
  });

  it('switches only to a side that was found healthy just before, and records only what was verified and watched', () => {
    for (const { actions } of cases) {
      const order = kinds(actions).filter((kind) => !(EXTRA_KINDS as readonly string[]).includes(kind));
      const last = order.lastIndexOf('switch');
      const rest = order.slice(last - 1).filter((kind) => kind !== 'watch');
      expect(rest.slice(0, 4)).toEqual(['health', 'switch', 'verify', 'record']);
      const watched = actions.some(({ kind }) => kind === 'watch');
      expect(watched).toBe(
        actions.some(
          (action) => action.kind === 'switch' && action.from !== null && action.to.release === 'r2',
        ),
      );
    }
  });

  it('ends with the new release alone, behind a running nginx', () => {
    for (const { world, actions } of cases) {
      const end = walk(world, actions).at(-1) as World;
      const side = servingSide(end);
      expect(side && end.up[side]?.release).toBe('r2');
      expect(Object.values(end.up).filter(Boolean)).toHaveLength(1);
      expect(end).toMatchObject({ nginx: 'up', recorded: 'r2' });
    }
  });
});

describe('the plan of a rollback', () => {
  const previous = aRelease({ id: 'r0', fingerprint: 'code of r0' });

  it('starts the release before on the free side and does not touch the database', () => {
    const { actions, to } = planRollback(factsOf(aWorld()), previous);
    expect(to).toEqual({ colour: 'green', release: 'r0' });
    expect(kinds(actions)).not.toContain('migrate');
    expect(walk(aWorld(), actions).at(-1)).toMatchObject({ link: 'green', recorded: 'r0' });
  });

  it('is refused when there is no release before', () => {
    expect(() => planRollback(factsOf(aWorld({ recorded: null })), null)).toThrow('no earlier release');
  });

  it('is refused when the code has changed or gone since, instead of starting something else', () => {
    const built = { ...previous, source: 'build' as const, fingerprint: 'built anew' };
    expect(() => planRollback(factsOf(aWorld()), built)).toThrow('has been built anew since');
    expect(() => planRollback(factsOf(aWorld()), { ...previous, fingerprint: 'edited' })).toThrow(
      'other code',
    );
    expect(() => planRollback(factsOf(aWorld()), null)).toThrow('are gone');
  });
});
