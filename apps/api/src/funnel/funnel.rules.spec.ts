import { entryOf, funnelByDay, sumUp, type FunnelCount } from './funnel.rules';

const NOTHING = { signedUp: 0, firstStudy: { solo: 0, group: 0 }, firstFinishedCycle: { solo: 0, group: 0 } };
const COUNTS: readonly FunnelCount[] = [
  { day: '2026-03-01', event: 'signed-up', entry: null, members: 5 },
  { day: '2026-03-01', event: 'first-study', entry: 'solo', members: 2 },
  { day: '2026-03-03', event: 'signed-up', entry: null, members: 1 },
  { day: '2026-03-03', event: 'first-study', entry: 'group', members: 3 },
  { day: '2026-03-03', event: 'first-cycle', entry: 'group', members: 4 },
  { day: '2026-03-03', event: 'first-cycle', entry: 'solo', members: 6 },
];

describe('the funnel', () => {
  it('has every day, the empty ones too, in order', () => {
    expect(funnelByDay(['2026-03-01', '2026-03-02', '2026-03-03'], COUNTS)).toEqual([
      { ...NOTHING, day: '2026-03-01', signedUp: 5, firstStudy: { solo: 2, group: 0 } },
      { ...NOTHING, day: '2026-03-02' },
      {
        day: '2026-03-03',
        signedUp: 1,
        firstStudy: { solo: 0, group: 3 },
        firstFinishedCycle: { solo: 6, group: 4 },
      },
    ]);
  });

  it('adds the days up', () => {
    expect(sumUp(COUNTS)).toEqual({
      signedUp: 6,
      firstStudy: { solo: 2, group: 3 },
      firstFinishedCycle: { solo: 6, group: 4 },
    });
    expect(sumUp([])).toEqual(NOTHING);
  });

  it.each([
    [0, 'solo'],
    [1, 'solo'],
    [2, 'group'],
    [16, 'group'],
  ])('calls a study that %i began %s', (seats, entry) => {
    expect(entryOf(seats)).toBe(entry);
  });
});
