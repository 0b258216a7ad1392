import { Injectable } from '@nestjs/common';
import { NotAllowed } from '../auth/auth.errors';
import { refuseEnded } from '../auth/callers.service';
import type { Caller } from '../auth/jwt.strategy';
import { InvalidRequest } from '../http/field-error';
import { LIMITS } from '../http/limits';
import { MemberNotFound } from '../members/members.errors';
import { dayOf, daysIn } from '../days/days';
import { toCursor, type Place } from './record-cursor';
import { RecordQueries, type DetailedRow, type Direction, type Page, type RecordRow } from './record-queries';

/** Days `YYYY-MM-DD` in the member's zone, both of them whole; in the wrong order there are none between. */
interface Days {
  readonly startDate?: string;
  readonly endDate?: string;
}

export interface PageWish extends Days {
  readonly memberId: number;
  /** Counted from 0. */
  readonly page: number;
  readonly size: number;
  readonly sort?: unknown;
}

export interface ListWish {
  readonly from?: string;
  readonly to?: string;
  readonly cursor?: Place;
  readonly limit: number;
}

export interface List {
  readonly items: readonly DetailedRow[];
  readonly nextCursor: string | null;
}

/** What a member did: two or three statements a request, however much that was. */
@Injectable()
export class RecordsService {
  constructor(private readonly queries: RecordQueries) {}

  /**
   * A page of the studies that a member joined, in any step.
   *
   * @throws InvalidAccessToken; MemberNotFound; NotAllowed for another's
   */
  async page(caller: Caller, wish: PageWish): Promise<Page> {
    const { memberId, page: pageNum, size } = wish;
    const zone = await this.zoneOf(caller);
    if (memberId !== caller.memberId) throw new NotAllowed();
    const interval = daysIn(zone, wish.startDate, wish.endDate);
    const offset = pageNum * size;
    const rows = await this.queries.page(memberId, interval, {
      direction: directionOf(wish.sort),
      size,
      offset,
    });
    // A page that is not full is the last one: nothing is left to count.
    const isLast = rows.length > 0 && rows.length < size;
    const total = isLast ? offset + rows.length : await this.queries.count(memberId, interval);
    return { rows, pageNum, totalPages: Math.ceil(total / size) };
  }

  /**
   * The studies that a member joined, in any step, by the day on which they were opened.
   *
   * @throws InvalidAccessToken; MemberNotFound; NotAllowed for another's; InvalidRequest for days with more records
   *   than an answer holds
   */
  async calendar(
    caller: Caller,
    { memberId, startDate, endDate }: Required<Days> & { readonly memberId: number },
  ): Promise<ReadonlyMap<string, readonly RecordRow[]>> {
    const zone = await this.zoneOf(caller);
    if (memberId !== caller.memberId) throw new NotAllowed();
    const interval = daysIn(zone, startDate, endDate);
    const rows = await this.queries.calendar(memberId, interval, LIMITS.calendarRecords + 1);
    if (rows.length > LIMITS.calendarRecords)
      throw invalid('endDate', `there are more than ${LIMITS.calendarRecords} records: ask for fewer days`);
    return byDay(rows, zone);
  }

  /**
   * The studies that the caller took part in and that were started, newest first.
   *
   * @throws InvalidAccessToken; MemberNotFound; InvalidRequest for days in the wrong order
   */
  async list(caller: Caller, { from, to, cursor, limit }: ListWish): Promise<List> {
    const zone = await this.zoneOf(caller);
    if (from !== undefined && to !== undefined && to < from)
      throw invalid('to', 'must not be before the first day');
    const interval = daysIn(zone, from, to);
    const end: Place = { at: interval.to, studyId: 0 };
    const place = cursor !== undefined && cursor.at < end.at ? cursor : end;
    const rows = await this.queries.list(caller.memberId, interval.from, place, limit + 1);
    const items = rows.slice(0, limit);
    const last = items.at(-1);
    const hasMore = rows.length > limit && last !== undefined;
    return { items, nextCursor: hasMore ? toCursor({ at: last.created_at, studyId: last.id }) : null };
  }

  /**
   * Sees to it that all of the caller's records can be found.
   *
   * @returns where the caller's days begin
   * @throws InvalidAccessToken; MemberNotFound
   */
  async zoneOf(caller: Caller): Promise<string> {
    const reader = await this.queries.reader(caller);
    if (reader === undefined) throw new MemberNotFound();
    refuseEnded(reader, caller);
    if (reader.has_unfiled === 1) await this.fileAllOf(caller.memberId);
    return reader.time_zone;
  }

  /** Lets a member's records be found also where the release before this one, which runs beside it, has made them. */
  fileAllOf(memberId: number): Promise<void> {
    return this.queries.file(memberId);
  }
}

/** @param rows oldest first, so that the calendar is asked once a day and not once a row */
function byDay(rows: readonly RecordRow[], zone: string): ReadonlyMap<string, readonly RecordRow[]> {
  const days = new Map<string, RecordRow[]>();
  let today: RecordRow[] = [];
  let end: Date | undefined;
  for (const row of rows) {
    if (end === undefined || row.created_at >= end) {
      const day = dayOf(row.created_at, zone);
      end = daysIn(zone, day, day).to;
      today = [];
      days.set(day, today);
    }
    today.push(row);
  }
  return days;
}

function invalid(path: string, reason: string): InvalidRequest {
  return new InvalidRequest([{ path, reason, code: new InvalidRequest().code }]);
}

/** `createdDate` without a direction is ascending, as the web client's framework had it; any other field is ignored. */
function directionOf(sort: unknown): Direction {
  const [wish] = [sort].flat();
  return typeof wish === 'string' && /^createdDate(,asc)?$/i.test(wish) ? 'ASC' : 'DESC';
}
