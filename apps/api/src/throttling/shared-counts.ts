import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '@app/kernel';
import { InjectMetric } from '@willsoto/nestjs-prometheus';
import type { Counter } from 'prom-client';
import { withinTime } from '../health/within-time';
import { SharedRedis } from '../redis/shared-redis';
import type { Bucket } from './bucket';
import { DatabaseCounts } from './database-counts';

export const REDIS_FAILURES = 'haru_rate_limit_redis_failures_total';

/** A login must not wait for a Redis that is stuck, in ms. */
const REDIS_TIMEOUT_MS = 500;
/** After a failure Redis is let be for so long, in ms: only the first call of a loss waits for it. */
const REDIS_PAUSE_MS = 1_000;

/**
 * Counts where every process of the installation looks: in Redis where there is one, else in the database. While Redis
 * is lost the database counts, from 0: nobody is locked out, and nobody gets more than a second budget.
 */
@Injectable()
export class SharedCounts {
  private readonly logger = new Logger('Throttling');
  private pausedUntilMs = 0;

  constructor(
    private readonly redis: SharedRedis,
    private readonly database: DatabaseCounts,
    private readonly clock: Clock,
    @InjectMetric(REDIS_FAILURES) private readonly failures: Counter,
  ) {}

  /**
   * Counts one call.
   *
   * @param windowMs length of the window
   * @returns how many there were in the window, this one included
   * @throws the driver's error when the database, too, cannot be reached
   */
  async add(bucket: Bucket, windowMs: number): Promise<number> {
    return (await this.addInRedis(bucket, windowMs)) ?? (await this.database.add(bucket));
  }

  /** @returns `undefined` when there is no Redis, or none that answers */
  private async addInRedis({ key, window }: Bucket, windowMs: number): Promise<number | undefined> {
    if (!this.redis.isConfigured || this.clock.now().getTime() < this.pausedUntilMs) return undefined;
    const name = `haru:calls:${key.toString('hex')}:${window.number}`;
    try {
      return await withinTime(this.redis.increment(name, windowMs), REDIS_TIMEOUT_MS);
    } catch (error) {
      this.pausedUntilMs = this.clock.now().getTime() + REDIS_PAUSE_MS;
      this.failures.inc();
      this.logger.warn({ err: error }, 'Redis does not count calls: the database does for now');
      return undefined;
    }
  }
}
