import { DeployError, EXIT } from './errors';
import { isBelow, raiseFloor, refuseBelow } from './floor';

const first = raiseFloor(
  null,
  { release: 'r5', migrations: ['ContractA1'], below: ['r3', 'r4', 'r5'] },
  '2026-11-20T06:00:00.000Z',
);

describe('the floor that contract migrations lay', () => {
  it('keeps out who served before, but not the release whose they are', () => {
    expect(['r3', 'r4', 'r5', 'r6'].map((id) => isBelow(first, { id }))).toEqual([true, true, false, false]);
    expect(isBelow(null, { id: 'r3' })).toBe(false);
  });

  it('goes by what a release brings along, where that is known', () => {
    expect(isBelow(first, { id: 'older', knows: [] })).toBe(true);
    expect(isBelow(first, { id: 'r4', knows: ['ContractA1'] })).toBe(false);
  });

  it('rises, and forgets nothing', () => {
    const begun = { release: 'r9', migrations: ['ContractB2'], below: ['r5', 'r8'] };
    const second = raiseFloor(first, begun, '2026-11-21T06:00:00.000Z');
    expect(second).toEqual({
      release: 'r9',
      since: '2026-11-21T06:00:00.000Z',
      migrations: ['ContractA1', 'ContractB2'],
      below: ['r3', 'r4', 'r5', 'r8'],
    });
    expect(isBelow(second, { id: 'r5', knows: ['ContractA1'] })).toBe(true);
    const again = raiseFloor(second, begun, '2026-11-22T06:00:00.000Z');
    expect(again).toEqual({ ...second, since: '2026-11-22T06:00:00.000Z' });
  });

  it('lifts a release that it had kept out, when its own contract migrations run', () => {
    const begun = { release: 'r4', migrations: ['ContractA1'], below: ['r3', 'r5'] };
    expect(isBelow(raiseFloor(first, begun, first.since), { id: 'r4' })).toBe(false);
  });

  it('stays small', () => {
    const below = Array.from({ length: 2_000 }, (_, index) => `r${index}`);
    const { below: kept } = raiseFloor(null, { release: 'new', migrations: [], below }, first.since);
    expect([kept.length, kept.at(-1)]).toEqual([500, 'r1999']);
  });

  it('refuses with the reason, and with what there is to do', () => {
    expect(() => refuseBelow(first, { id: 'r5' })).not.toThrow();
    try {
      refuseBelow(first, { id: 'r3' });
      throw new Error('it was not refused');
    } catch (error) {
      const { exitCode, trouble } = error as DeployError;
      expect(exitCode).toBe(EXIT.needsHuman);
      expect(trouble.what).toBe(
        'Release r3 cannot run any more: the contract migrations of r5 (ContractA1) have taken away what it needs, on 2026-11-20T06:00:00.000Z.',
      );
      expect(trouble.next).toContain('deploy r5 or a later release');
    }
  });
});
