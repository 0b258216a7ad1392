import { Inject, Injectable } from '@nestjs/common';
import type { Config } from '@app/config';
import { Clock } from '@app/kernel';
import { InjectMetric } from '@willsoto/nestjs-prometheus';
import type { Counter } from 'prom-client';
import { CONFIG } from '../config.token';
import { LIMITS } from '../http/limits';
import { bucketOf, bucketOfTurn, type Counted, type LimitName } from './bucket';
import { DatabaseCounts } from './database-counts';
import { Refusals } from './refusals';
import { SharedCounts } from './shared-counts';
import { TooManyRequests } from './throttling.errors';
import { secondsUntil } from './window.rules';

export const THROTTLED = 'haru_throttled_requests_total';

/** Keeps calls to the rates of `LIMITS.rates`, over all processes of the installation. */
@Injectable()
export class ThrottlingService {
  private readonly refusals = new Refusals();

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly clock: Clock,
    private readonly counts: SharedCounts,
    private readonly database: DatabaseCounts,
    @InjectMetric(THROTTLED) private readonly throttled: Counter,
  ) {}

  /**
   * Counts one call, whatever becomes of it. Call this before the work that it limits, and outside of a transaction.
   *
   * @param counted whom the limit counts, in the one form in which it is compared: `12`, or `['admin', network]`
   * @throws TooManyRequests with the time until the next window
   */
  async count(limit: LimitName, ...counted: Counted): Promise<void> {
    if (!this.config.hasRateLimits) return;
    const { max, windowMs } = LIMITS.rates[limit];
    const nowMs = this.clock.now().getTime();
    const bucket = bucketOf(this.config.tokens.secret, limit, counted, nowMs);
    if (!this.refusals.has(bucket)) {
      if ((await this.counts.add(bucket, windowMs)) <= max) return;
      this.refusals.remember(bucket);
    }
    this.throttled.inc({ limit });
    throw new TooManyRequests(secondsUntil(bucket.window.endsAtMs, nowMs));
  }

  /**
   * Whether this process is the first to come in the current window: then the work is its own. Counted in the database,
   * whatever counts the limits: both colours, of different settings perhaps, must ask in the same place.
   *
   * @returns the number of the window; null when another process has come first
   */
  async takeTurn(work: string, windowMs: number): Promise<number | null> {
    const nowMs = this.clock.now().getTime();
    const bucket = bucketOfTurn(this.config.tokens.secret, work, { windowMs, nowMs });
    return (await this.database.add(bucket)) === 1 ? bucket.window.number : null;
  }

  /** Removes counts whose window is over. */
  prune(now: Date): Promise<void> {
    return this.database.prune(now);
  }
}
