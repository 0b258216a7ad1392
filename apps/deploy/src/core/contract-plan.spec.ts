import {
  aRelease,
  aWorld,
  everyWorld,
  factsOf,
  servingSide,
  walk,
} from '../../../../test/deploy/support/model';
import { planContract, type ContractWish, type Migrations } from './contract-plan';
import type { DeployError } from './errors';
import type { Facts } from './facts';
import { planDeploy, planPreview, planRollback, planSwitch } from './plan';
import { recover } from './recovery';

const live = aRelease({ id: 'r1', fingerprint: 'code of r1' });
const migrations: Migrations = {
  expandPending: [],
  contractPending: ['ContractB2'],
  contract: ['ContractA1', 'ContractB2'],
  beyond: [],
};
const closed = { isOpen: false, closesAt: '2026-11-20T01:00:00.000Z' };

function aWish(changes: Partial<ContractWish> = {}): ContractWish {
  const running = [{ colour: 'blue', release: 'r1' }] as const;
  const served = ['r0', 'r1'];
  return {
    release: live,
    migrations,
    running,
    served,
    window: closed,
    closeWindow: false,
    migrates: true,
    ...changes,
  };
}

function refusal(facts: Facts, changes: Partial<ContractWish>): readonly [kind: string, told: string] {
  try {
    planContract(facts, aWish(changes));
  } catch (error) {
    const { kind, trouble } = error as DeployError;
    return [kind, `${trouble.what} ${trouble.left} ${trouble.next}`];
  }
  throw new Error('it was not refused');
}

describe('a plan to take away what older releases needed', () => {
  const facts = factsOf(aWorld());

  it('refuses older releases before anything is taken away', () => {
    const { actions, intent, from, to, digest } = planContract(facts, aWish());
    const blue = { colour: 'blue', release: 'r1' };
    expect([intent, from, to, digest]).toEqual(['contract', blue, blue, 'code of r1']);
    expect(actions).toEqual([
      { kind: 'raise-floor', to: blue, migrations: ['ContractB2'], below: ['r0'] },
      { kind: 'contract', to: blue },
    ]);
  });

  it('only refuses them on hosts where another one migrates', () => {
    const { actions } = planContract(facts, aWish({ migrates: false }));
    expect(actions.map(({ kind }) => kind)).toEqual(['raise-floor']);
  });

  it('is empty when nothing is pending, though the way back is open', () => {
    const window = { ...closed, isOpen: true };
    const nothing = { ...migrations, contractPending: [] };
    const { actions, notes } = planContract(facts, aWish({ migrations: nothing, window }));
    expect([actions, notes]).toEqual([[], ['r1 has no contract migration that is pending.']]);
  });

  it.each<readonly [string, Partial<ContractWish>, string, string]>([
    [
      'another release runs on a colour',
      { running: [{ colour: 'green', release: 'r0' }] },
      'usage',
      'drain green',
    ],
    ['a standby of it runs', { running: [{ colour: 'standby', release: 'r0' }] }, 'usage', 'standby stop'],
    [
      'the way back is open',
      { window: { ...closed, isOpen: true } },
      'usage',
      'to r0 is open until 2026-11-20T01',
    ],
    ['nobody says what is pending', { migrations: null }, 'usage', '--status --json'],
    ['its code is gone', { release: null }, 'needsHuman', 'its code is gone'],
    ['its code has changed', { release: aRelease({ id: 'r1' }) }, 'needsHuman', 'another than was deployed'],
    [
      'what adds has not run',
      { migrations: { ...migrations, expandPending: ['Rooms1'] } },
      'needsHuman',
      'Rooms1 must run before',
    ],
    [
      'a newer release was there',
      { migrations: { ...migrations, beyond: ['ContractZ9'] } },
      'needsHuman',
      'ContractZ9 of a newer release',
    ],
  ])('is refused when %s', (_when, changes, kind, told) => {
    expect(refusal(facts, changes)).toEqual([kind, expect.stringContaining(told)]);
    expect(refusal(facts, changes)[1]).toContain('Nothing was changed.');
  });

  it('is refused when nothing serves, or another release than the recorded one', () => {
    expect(refusal(factsOf(aWorld({ up: { blue: null, green: null } })), {})[0]).toBe('usage');
    const told = refusal(factsOf(aWorld({ recorded: 'r9' })), {});
    expect(told).toEqual(['needsHuman', expect.stringContaining('the recorded state names another release')]);
  });

  it('does not wait for the way back to close when that is given up', () => {
    const wish = aWish({ window: { ...closed, isOpen: true }, closeWindow: true });
    expect(planContract(facts, wish).actions).toHaveLength(2);
  });

  it('leaves each world as it is, and a run of it that was interrupted moves nobody', () => {
    for (const world of everyWorld()) {
      const found = factsOf(world);
      const run = { run: '1', intent: 'contract', lastStep: 'contract', verified: false } as const;
      const blue = { colour: 'blue', release: 'r1' } as const;
      const { plan } = recover({ ...run, from: blue, to: blue }, found);
      expect(walk(world, plan.actions).map(servingSide)).toEqual([servingSide(world)]);
    }
  });
});

describe('a release that contract migrations have made too old', () => {
  const floor = { release: 'r1', since: closed.closesAt, migrations: ['ContractB2'], below: ['r0'] };
  const bothUp = aWorld({ up: { blue: { release: 'r1' }, green: { release: 'r0' } } });
  const base = factsOf(bothUp);
  const facts: Facts = { ...base, state: base.state && { ...base.state, floor } };
  const r0 = aRelease({ id: 'r0', fingerprint: 'code of r0' });

  it('is neither deployed, nor gone back to, nor switched to, nor shown', () => {
    for (const plan of [
      () => planDeploy(facts, r0),
      () => planRollback(facts, r0),
      () => planSwitch(facts),
      () => planPreview(facts, r0, 0),
    ]) {
      expect(plan).toThrow('Release r0 cannot run any more');
    }
    expect(() => planDeploy(facts, aRelease({ id: 'older', knows: [] }))).toThrow(
      'older cannot run any more',
    );
  });

  it('is told from a newer one', () => {
    expect(planDeploy(facts, aRelease({ knows: ['ContractB2'] })).actions).not.toEqual([]);
    expect(planDeploy(facts, aRelease()).actions).not.toEqual([]);
    expect(planDeploy(base, r0).actions).not.toEqual([]);
  });
});
