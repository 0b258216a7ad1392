import { dayOf, daysIn, type Interval } from './days';

/** Where the days of the service begin and end, whoever looks at it. */
const SEOUL = 'Asia/Seoul';

/** @returns the day in Seoul, as `YYYY-MM-DD` */
export function seoulDayOf(instant: Date): string {
  return dayOf(instant, SEOUL);
}

/** @returns the whole day in Seoul that an instant falls on */
export function seoulDayAround(instant: Date): Interval {
  const day = seoulDayOf(instant);
  return daysIn(SEOUL, day, day);
}
