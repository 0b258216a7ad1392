import { DateTime } from 'luxon';

/** A stretch of time, in instants: it begins at `from` and ends before `to`. */
export interface Interval {
  readonly from: Date;
  readonly to: Date;
}

/** What a `DATETIME` column can hold. */
const ALL_TIME: Interval = {
  from: new Date('1000-01-01T00:00:00Z'),
  to: new Date('9999-12-31T23:59:59.999Z'),
};
const FORM = /^\d{4}-\d{2}-\d{2}$/;

/** Whether a text is a day of the calendar, such as `2028-02-29`. */
export function isDay(text: unknown): text is string {
  return typeof text === 'string' && FORM.test(text) && DateTime.fromISO(text, { zone: 'utc' }).isValid;
}

/**
 * The days from the first to the last, both of them whole.
 *
 * @param first `YYYY-MM-DD`; when left out, the stretch has no beginning
 * @param last `YYYY-MM-DD`; when left out, the stretch has no end
 * @param zone IANA name: where the days begin and end
 */
export function daysIn(zone: string, first?: string, last?: string): Interval {
  const from = first === undefined ? ALL_TIME.from : startOfDay(first, zone);
  const to = last === undefined ? ALL_TIME.to : startOfDay(dayAfter(last), zone);
  return { from, to };
}

/** @returns the day that an instant falls on in a zone, as `YYYY-MM-DD` */
export function dayOf(instant: Date, zone: string): string {
  return DateTime.fromJSDate(instant, { zone }).toFormat('yyyy-MM-dd');
}

/**
 * The first instant of a day. Where clocks are put forward at midnight that is one o'clock; where they are put back to
 * it, midnight comes twice and the first one counts.
 */
function startOfDay(day: string, zone: string): Date {
  const midnights = DateTime.fromISO(day, { zone }).getPossibleOffsets();
  const first = Math.min(...midnights.map((midnight) => midnight.toMillis()));
  return new Date(Math.min(Math.max(first, ALL_TIME.from.getTime()), ALL_TIME.to.getTime()));
}

/** Counted on the calendar, where every day has the same length. */
function dayAfter(day: string): string {
  return DateTime.fromISO(day, { zone: 'utc' }).plus({ days: 1 }).toISODate() ?? day;
}
