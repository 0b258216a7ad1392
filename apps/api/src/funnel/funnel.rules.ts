/** How a study is begun: alone, or with others. */
export type Entry = 'solo' | 'group';

/** How far a member has come, as it is stored. */
export const EVENTS = { signUp: 'signed-up', study: 'first-study', cycle: 'first-cycle' } as const;

type Event = (typeof EVENTS)[keyof typeof EVENTS];

/** So many members came so far on a day. */
export interface FunnelCount {
  /** `YYYY-MM-DD` */
  readonly day: string;
  readonly event: Event;
  /** `null` with a sign-up, which has no entry yet. */
  readonly entry: Entry | null;
  readonly members: number;
}

export type ByEntry = Readonly<Record<Entry, number>>;

/** How many members came so far. */
export interface Funnel {
  readonly signedUp: number;
  readonly firstStudy: ByEntry;
  readonly firstFinishedCycle: ByEntry;
}

export type FunnelDay = Funnel & { readonly day: string };

/** @param seats participants at the moment when it begins: one who waits in vain for others begins alone, too */
export function entryOf(seats: number): Entry {
  return seats > 1 ? 'group' : 'solo';
}

/** Arranges counts by day; a day on which nothing happened has zeros. */
export function funnelByDay(days: readonly string[], counts: readonly FunnelCount[]): FunnelDay[] {
  const ofDay = new Map<string, FunnelCount[]>();
  for (const count of counts) ofDay.set(count.day, [...(ofDay.get(count.day) ?? []), count]);
  return days.map((day) => ({ day, ...sumUp(ofDay.get(day) ?? []) }));
}

/** Adds counts up, whatever their days. */
export function sumUp(counts: readonly FunnelCount[]): Funnel {
  const sum = (event: Event, entry: Entry | null) =>
    counts
      .filter((count) => count.event === event && count.entry === entry)
      .reduce((total, { members }) => total + members, 0);
  const byEntry = (event: Event) => ({ solo: sum(event, 'solo'), group: sum(event, 'group') });
  return {
    signedUp: sum(EVENTS.signUp, null),
    firstStudy: byEntry(EVENTS.study),
    firstFinishedCycle: byEntry(EVENTS.cycle),
  };
}
