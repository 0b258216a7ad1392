import { canonicalTimeZone } from './time-zone';

describe('the name of a time zone', () => {
  it.each([
    ['Asia/Seoul', 'Asia/Seoul'],
    ['asia/seoul', 'Asia/Seoul'],
    ['AMERICA/NEW_YORK', 'America/New_York'],
    ['America/Argentina/Buenos_Aires', 'America/Buenos_Aires'],
    ['Asia/Kolkata', 'Asia/Calcutta'],
    ['Etc/UTC', 'UTC'],
    ['utc', 'UTC'],
    ['Etc/GMT+9', 'Etc/GMT+9'],
  ])('%s is spelled %s', (given, canonical) => {
    expect(canonicalTimeZone(given)).toBe(canonical);
    expect(canonicalTimeZone(canonical)).toBe(canonical);
  });

  it.each([
    '',
    ' ',
    'Seoul',
    'Asia/',
    '/Seoul',
    'Asia/Atlantis',
    '+09:00',
    '09:00',
    'Asia/Seoul\n',
    '서울',
    '\0',
  ])('is not %j', (given) => {
    expect(canonicalTimeZone(given)).toBeNull();
  });

  it('fits its column for every zone that there is', () => {
    for (const zone of Intl.supportedValuesOf('timeZone')) {
      expect(canonicalTimeZone(zone)).not.toBeNull();
    }
  });
});
