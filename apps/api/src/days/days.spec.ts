import { dayOf, daysIn, isDay } from './days';

const HOUR_MS = 3_600_000;
const iso = (zone: string, first?: string, last?: string) => {
  const { from, to } = daysIn(zone, first, last);
  return [from.toISOString(), to.toISOString()];
};
const hoursOf = (zone: string, day: string) => {
  const { from, to } = daysIn(zone, day, day);
  return (to.getTime() - from.getTime()) / HOUR_MS;
};

describe('a day', () => {
  it.each(['2026-11-20', '2028-02-29', '2000-02-29', '0001-01-01', '9999-12-31'])('may be %s', (text) => {
    expect(isDay(text)).toBe(true);
  });

  it.each([
    '2026-02-30',
    '2026-02-29',
    '2100-02-29',
    '2026-13-01',
    '2026-00-10',
    '2026-1-1',
    '20261120',
    '2026-W47-5',
    '2026-11-20T00:00:00Z',
    ' 2026-11-20',
    '2026-11-20\n',
    '+012026-01-01',
    '',
    20261120,
    null,
    ['2026-11-20'],
  ])('cannot be %j', (text) => {
    expect(isDay(text)).toBe(false);
  });

  it.each([
    ['Asia/Seoul', '2026-11-20', '2026-11-19T15:00:00.000Z', '2026-11-20T15:00:00.000Z'],
    ['Asia/Seoul', '2028-02-29', '2028-02-28T15:00:00.000Z', '2028-02-29T15:00:00.000Z'],
    ['Asia/Seoul', '2026-12-31', '2026-12-30T15:00:00.000Z', '2026-12-31T15:00:00.000Z'],
    ['America/New_York', '2026-03-08', '2026-03-08T05:00:00.000Z', '2026-03-09T04:00:00.000Z'],
    ['America/New_York', '2026-11-01', '2026-11-01T04:00:00.000Z', '2026-11-02T05:00:00.000Z'],
    ['UTC', '2026-11-20', '2026-11-20T00:00:00.000Z', '2026-11-21T00:00:00.000Z'],
  ])('in %s, %s, is from %s until before %s', (zone, day, from, to) => {
    expect(iso(zone, day, day)).toEqual([from, to]);
  });

  it.each([
    ['America/New_York', '2026-03-08', 23],
    ['America/New_York', '2026-11-01', 25],
    // Midnight does not exist: the day begins at one o'clock, the next one at midnight again.
    ['America/Santiago', '2024-09-08', 23],
    ['America/Santiago', '2024-09-09', 24],
    ['Asia/Beirut', '2021-03-28', 23],
    ['Africa/Cairo', '2026-04-24', 23],
    // Clocks are put back at midnight, to 23 o'clock of the day that was over.
    ['America/Santiago', '2024-04-06', 25],
    ['Africa/Cairo', '2026-10-29', 25],
    // Clocks are put back to midnight, which comes twice.
    ['America/Havana', '2026-10-31', 24],
    ['America/Havana', '2026-11-01', 25],
    ['Australia/Lord_Howe', '2026-04-05', 24.5],
    // A whole day was left out when the date line was moved.
    ['Pacific/Apia', '2011-12-30', 0],
    ['Asia/Seoul', '2026-03-08', 24],
  ])('in %s, %s, has %f hours', (zone, day, hours) => {
    expect(hoursOf(zone, day)).toBe(hours);
  });

  it('ends where the next begins, in every zone and through every change of clocks', () => {
    const zones = ['Asia/Seoul', 'America/New_York', 'America/Santiago', 'America/Havana', 'Africa/Cairo'];
    for (const zone of [...zones, 'Asia/Beirut', 'Pacific/Apia', 'Australia/Lord_Howe']) {
      for (let at = Date.UTC(2023, 0, 1); at < Date.UTC(2027, 0, 1); at += 24 * HOUR_MS) {
        const day = new Date(at).toISOString().slice(0, 10);
        const next = new Date(at + 24 * HOUR_MS).toISOString().slice(0, 10);
        const { from, to } = daysIn(zone, day, day);
        expect([zone, day, daysIn(zone, next, next).from]).toEqual([zone, day, to]);
        expect([dayOf(from, zone), dayOf(new Date(to.getTime() - 1), zone)]).toEqual([day, day]);
        expect(dayOf(new Date(from.getTime() - 1), zone) < day).toBe(true);
      }
    }
  });

  it('that is the first or the last of all stays within what the database can hold', () => {
    const all = ['1000-01-01T00:00:00.000Z', '9999-12-31T23:59:59.999Z'];
    expect(iso('America/New_York', '0000-01-01', '9999-12-31')).toEqual(all);
    expect(iso('Asia/Seoul')).toEqual(all);
  });
});
