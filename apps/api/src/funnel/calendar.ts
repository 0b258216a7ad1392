import { DateTime } from 'luxon';

const asDate = (day: string) => DateTime.fromISO(day, { zone: 'utc' });

/** @returns how many days there are from the first to the last, both counted; below 1 when they are in the wrong order */
export function countDays(first: string, last: string): number {
  return asDate(last).diff(asDate(first), 'days').days + 1;
}

/** @returns every day from the first to the last, as `YYYY-MM-DD` */
export function listDays(first: string, last: string): string[] {
  return Array.from({ length: countDays(first, last) }, (_, index) =>
    asDate(first).plus({ days: index }).toFormat('yyyy-MM-dd'),
  );
}
