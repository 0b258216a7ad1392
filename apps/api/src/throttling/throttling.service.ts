import { Inject, Injectable } from '@nestjs/common';
import type { Config } from '@app/config';
import { Clock } from '@app/kernel';
import { InjectMetric } from '@willsoto/nestjs-prometheus';
import type { Counter } from 'prom-client';
import { CONFIG } from '../config.token';
import { LIMITS } from '../http/limits';
import { bucketOf, type Counted, type LimitName } from './bucket';
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

  /** Removes counts whose window is over. */
  prune(now: Date): Promise<void> {
    return this.database.prune(now);
  }
}
