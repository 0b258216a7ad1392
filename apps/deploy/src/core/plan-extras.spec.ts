import { aRelease, aWorld, factsOf, walk } from '../../../../test/deploy/support/model';
import type { Action } from './action';
import { HOOKS, NO_EXTRAS, type Extras } from './hooks';
import { planDeploy, planRollback, planSwitch } from './plan';

const kinds = (actions: readonly Action[]) => actions.map(({ kind }) => kind);
const EVERYTHING: Extras = { hooks: HOOKS, smoke: true, keepOld: false, keepReleases: 5, gated: true };

describe('what the settings add to a plan', () => {
  const order = kinds(planDeploy(factsOf(aWorld()), aRelease(), EVERYTHING).actions);

  it('has its place among the steps', () => {
    expect(order).toEqual([
      'pre-deploy',
      'migrate',
      'start',
      'health',
      'smoke',
      'post-health',
      'pre-switch',
      'await-go',
      'switch',
      'verify',
      'post-switch',
      'watch',
      'await-keep',
      'record',
      'drain',
      'stop',
      'prune',
      'post-deploy',
    ]);
  });

  it('belongs to a rollback as well', () => {
    const { actions } = planRollback(
      factsOf(aWorld()),
      aRelease({ id: 'r0', fingerprint: 'code of r0' }),
      EVERYTHING,
    );
    expect(kinds(actions)).toEqual(order.filter((kind) => kind !== 'migrate' && kind !== 'prune'));
  });

  it('is not run when there is nothing to do', () => {
    const live = aRelease({ id: 'r1', fingerprint: 'code of r1' });
    expect(planDeploy(factsOf(aWorld()), live, EVERYTHING).actions).toEqual([]);
  });
});

describe('an old side that is kept', () => {
  const bothUp = aWorld({ up: { blue: { release: 'r1' }, green: { release: 'r0' } } });
  const keep: Extras = { ...NO_EXTRAS, keepOld: true };
  const previous = aRelease({ id: 'r0', fingerprint: 'code of r0' });

  it('goes on running after a deploy, and is cleared away before the next one', () => {
    expect(kinds(planDeploy(factsOf(aWorld()), aRelease(), keep).actions).at(-1)).toBe('record');
    const { actions } = planDeploy(factsOf(bothUp), aRelease(), keep);
    expect(kinds(actions).slice(0, 3)).toEqual(['drain', 'stop', 'migrate']);
  });

  it('is what a rollback goes to, without a start', () => {
    const order = ['health', 'switch', 'verify', 'watch', 'record'];
    expect(kinds(planRollback(factsOf(bothUp), previous, keep).actions)).toEqual(order);
    const other = aWorld({ up: { blue: { release: 'r1' }, green: { release: 'r9' } } });
    expect(kinds(planRollback(factsOf(other), previous, keep).actions)).toContain('start');
  });

  it('is what a switch goes to, and the side that it leaves stays', () => {
    const { actions, to, intent } = planSwitch(factsOf(bothUp));
    expect([intent, to]).toEqual(['switch', { colour: 'green', release: 'r0' }]);
    const end = walk(bothUp, actions).at(-1);
    expect(end).toMatchObject({ link: 'green', recorded: 'r0', up: { blue: { release: 'r1' } } });
  });

  it('must be there for a switch, and answer', () => {
    expect(() => planSwitch(factsOf(aWorld()))).toThrow('nothing runs on green');
    const deaf = aWorld({ up: { blue: { release: 'r1' }, green: { release: 'r0', deaf: true } } });
    expect(() => planSwitch(factsOf(deaf))).toThrow('green (r0) does not answer');
  });
});
