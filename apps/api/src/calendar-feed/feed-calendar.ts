import { ICalCalendar, ICalEventClass, ICalEventTransparency } from 'ical-generator';
import { PLAN_OR_RETROSPECT_MIN } from '@app/pomodoro';
import type { FeedStudyRow } from './feed-queries';

const NAME = '하루스터디';
/** How often a calendar is asked to look again, in s. */
const REFRESH_S = 60 * 60;
const MINUTE_MS = 60_000;
/** RFC 5545 allows no control characters in a text. */
const CONTROL = /\p{Cc}+/gu;

/** An iCalendar (RFC 5545) with an event for each study, in UTC. */
export function toCalendar(studies: readonly FeedStudyRow[]): string {
  const calendar = new ICalCalendar({
    name: NAME,
    prodId: { company: 'haru-study', product: 'study-records', language: 'KO' },
    ttl: REFRESH_S,
  });
  for (const study of studies) {
    calendar.createEvent({
      id: `study-${study.id}@haru-study`,
      // Says when the event changed last, so that the same feed is the same text.
      stamp: study.step_started_at,
      start: study.started_at,
      end: endOf(study),
      summary: study.name.replace(CONTROL, ' '),
      description: `${study.total_cycle} x ${study.time_per_cycle}분`,
      class: ICalEventClass.PRIVATE,
      transparency: ICalEventTransparency.OPAQUE,
    });
  }
  return `${calendar.toString()}\r\n`;
}

/** When it ended; while it runs, when it is planned to. An event must end after it begins, to the second. */
function endOf({ step, step_started_at, started_at, total_cycle, time_per_cycle }: FeedStudyRow): Date {
  const plannedMs = total_cycle * (time_per_cycle + 2 * PLAN_OR_RETROSPECT_MIN) * MINUTE_MS;
  const startMs = started_at.getTime();
  const endMs = step === 'DONE' ? step_started_at.getTime() : startMs + plannedMs;
  return new Date(Math.max(endMs, startMs + MINUTE_MS));
}
