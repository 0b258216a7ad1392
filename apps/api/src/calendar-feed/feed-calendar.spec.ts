import { toCalendar } from './feed-calendar';
import type { FeedStudyRow } from './feed-queries';

const aStudy = (study: Partial<FeedStudyRow> = {}): FeedStudyRow => ({
  id: 7,
  name: '알고리즘',
  total_cycle: 2,
  time_per_cycle: 25,
  step: 'DONE',
  started_at: new Date('2026-03-08T06:46:48.500Z'),
  step_started_at: new Date('2026-03-08T08:01:02.000Z'),
  ...study,
});
const linesOf = (studies: readonly FeedStudyRow[]) => toCalendar(studies).split('\r\n');
/** Lines with their continuations. */
const unfolded = (studies: readonly FeedStudyRow[]) =>
  toCalendar(studies).replace(/\r\n /g, '').split('\r\n');

describe('the calendar of the studies', () => {
  it('has an event for each study, in UTC', () => {
    expect(unfolded([aStudy()])).toEqual([
      'BEGIN:VCALENDAR',
      'VERSION:2.0',
      'PRODID:-//haru-study//study-records//KO',
      'NAME:하루스터디',
      'X-WR-CALNAME:하루스터디',
      'REFRESH-INTERVAL;VALUE=DURATION:PT1H',
      'X-PUBLISHED-TTL:PT1H',
      'BEGIN:VEVENT',
      'UID:study-7@haru-study',
      'SEQUENCE:0',
      'DTSTAMP:20260308T080102Z',
      'DTSTART:20260308T064648Z',
      'DTEND:20260308T080102Z',
      'SUMMARY:알고리즘',
      'TRANSP:OPAQUE',
      'DESCRIPTION:2 x 25분',
      'CLASS:PRIVATE',
      'END:VEVENT',
      'END:VCALENDAR',
      '',
    ]);
  });

  it('is the same text for the same studies', () => {
    expect(toCalendar([aStudy()])).toBe(toCalendar([aStudy()]));
  });

  it('lets a study that runs end when it is planned to', () => {
    const lines = unfolded([aStudy({ step: 'STUDYING' })]);
    expect(lines).toContain('DTEND:20260308T081648Z');
  });

  it('lets no event end before it has begun', () => {
    const at = new Date('2026-03-08T06:46:48.500Z');
    expect(unfolded([aStudy({ started_at: at, step_started_at: at })])).toContain('DTEND:20260308T064748Z');
  });

  it.each([
    ['a;b,c\\d', 'SUMMARY:a\\;b\\,c\\\\d'],
    ['a\r\nEND:VCALENDAR', 'SUMMARY:a END:VCALENDAR'],
    ['a\nX-EVIL:1', 'SUMMARY:a X-EVIL:1'],
    ['a\u0000\u0007b', 'SUMMARY:a b'],
    ['"DQUOTE":', 'SUMMARY:"DQUOTE":'],
  ])('keeps a name inside its line: %j', (name, line) => {
    const lines = unfolded([aStudy({ name })]);
    expect(lines).toContain(line);
    expect(lines).toHaveLength(unfolded([aStudy()]).length);
  });

  it('has no line of more than 75 bytes, and cuts no character in two', () => {
    const name = '가나다라마바사아자차'.repeat(10);
    const lines = linesOf([aStudy({ name })]);
    expect(Math.max(...lines.map((line) => Buffer.byteLength(line)))).toBeLessThanOrEqual(75);
    expect(unfolded([aStudy({ name })])).toContain(`SUMMARY:${name}`);
  });
});
