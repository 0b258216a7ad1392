import { Injectable } from '@nestjs/common';
import { Statements } from '@app/database';
import { listDays } from './calendar';
import { funnelByDay, sumUp, type Funnel, type FunnelCount, type FunnelDay } from './funnel.rules';

/** How far members came in some days, by day and in all. */
export interface FunnelView {
  readonly days: readonly FunnelDay[];
  readonly totals: Funnel;
}

/** In the order of the index, which holds all of it: no row is looked up, nothing is sorted. */
const COUNTS =
  'SELECT CAST(day AS CHAR) AS day, event, entry, COUNT(*) AS members FROM funnel_event ' +
  'WHERE day BETWEEN ? AND ? GROUP BY funnel_event.day, event, entry';

@Injectable()
export class FunnelViewService {
  constructor(private readonly statements: Statements) {}

  /**
   * @param first day in Seoul, `YYYY-MM-DD`
   * @param last the whole of it is in
   */
  async view(first: string, last: string): Promise<FunnelView> {
    const counts = await this.statements.select<FunnelCount>(COUNTS, [first, last]);
    return { days: funnelByDay(listDays(first, last), counts), totals: sumUp(counts) };
  }
}
