import fc from 'fast-check';
import { releasesToPrune } from './prune';

const day = (number: number) => `2026-11-${String(number).padStart(2, '0')}T00:00:00.000Z`;
const unpacked = [3, 1, 5, 2, 4].map((number) => ({ id: `r${number}`, at: day(number) }));

describe('releases that nobody needs any more', () => {
  it('are all but the newest, the oldest first', () => {
    expect(releasesToPrune(unpacked, { keep: 2, spared: [] })).toEqual(['r1', 'r2', 'r3']);
  });

  it('are none while there are not more than are kept', () => {
    expect(releasesToPrune(unpacked, { keep: 5, spared: [] })).toEqual([]);
  });

  it('are never the spared ones, which count among those that are kept', () => {
    expect(releasesToPrune(unpacked, { keep: 3, spared: ['r1', 'r5'] })).toEqual(['r2', 'r3']);
    expect(releasesToPrune(unpacked, { keep: 1, spared: ['r1', 'r2'] })).toEqual(['r3', 'r4', 'r5']);
  });

  it('leave what is spared and, where there is room, the newest, whatever was unpacked when', () => {
    const some = fc.uniqueArray(fc.nat(27), { maxLength: 12 });
    fc.assert(
      fc.property(
        some,
        fc.integer({ min: 1, max: 12 }),
        fc.array(fc.nat(27)),
        (numbers, keep, sparedOnes) => {
          const all = numbers.map((number) => ({ id: `r${number}`, at: day(number + 1) }));
          const spared = sparedOnes.map((number) => `r${number}`);
          const gone = releasesToPrune(all, { keep, spared });
          expect(gone.filter((id) => spared.includes(id))).toEqual([]);
          const left = all.filter(({ id }) => !gone.includes(id));
          expect(left.length).toBeGreaterThanOrEqual(Math.min(keep, all.length));
          // After a second time nothing more is removed.
          expect(releasesToPrune(left, { keep, spared })).toEqual([]);
        },
      ),
    );
  });
});
