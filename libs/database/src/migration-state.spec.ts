import type { MigrationInterface } from 'typeorm';
import { stateOf } from './migration-state';
import type { MigrationClass } from './migrations';

const aClass = (name: string) =>
  ({
    [name]: class implements MigrationInterface {
      up = () => Promise.resolve();
      down = () => Promise.resolve();
    },
  })[name] as MigrationClass;

const sets = { expand: [aClass('A1'), aClass('B2')], contract: [aClass('ContractC3')] };

describe('what a database has of a release', () => {
  it('is told by phase', () => {
    expect(stateOf(sets, ['A1'])).toEqual({
      expand: { applied: ['A1'], pending: ['B2'] },
      contract: { applied: [], pending: ['ContractC3'] },
      unknown: [],
      beyond: [],
    });
  });

  it('may be more: what only added is no harm, what took away is', () => {
    const state = stateOf(sets, ['A1', 'B2', 'ContractC3', 'D4', 'ContractE5']);
    expect(state).toMatchObject({ unknown: ['D4', 'ContractE5'], beyond: ['ContractE5'] });
  });
});
