import { countDays, listDays } from './calendar';

describe('days of the calendar', () => {
  it.each([
    ['2026-03-01', '2026-03-01', 1],
    ['2026-02-28', '2026-03-01', 2],
    ['2028-02-28', '2028-03-01', 3],
    ['2025-12-31', '2026-01-01', 2],
    ['2027-01-01', '2027-12-31', 365],
    ['2026-03-02', '2026-03-01', 0],
  ])('from %s to %s are %i', (first, last, days) => {
    expect(countDays(first, last)).toBe(days);
  });

  it('are listed with the first and the last, over a leap day and a year', () => {
    expect(listDays('2028-02-28', '2028-03-01')).toEqual(['2028-02-28', '2028-02-29', '2028-03-01']);
    expect(listDays('2025-12-31', '2026-01-01')).toEqual(['2025-12-31', '2026-01-01']);
  });
});
