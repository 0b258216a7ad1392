import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { Config } from '@app/config';
import { Redis } from 'ioredis';
import { CONFIG } from '../config.token';

/** A connection over which nothing has come back for so long is dead, in ms: another one is made. */
const SILENCE_MS = 5_000;

/** The store that the processes of an installation share, where there is one. */
@Injectable()
export class SharedRedis implements OnApplicationShutdown {
  private readonly redis: Redis | undefined;
  private lostBy: Error | undefined;

  constructor(@Inject(CONFIG) { redisUrl }: Config) {
    if (redisUrl === undefined) return;
    this.redis = new Redis(redisUrl, {
      maxRetriesPerRequest: 1,
      enableOfflineQueue: false,
      socketTimeout: SILENCE_MS,
    });
    // Without a listener a lost connection would end the process; `ping` tells of it where it is asked.
    this.redis.on('error', (error) => (this.lostBy = error)).on('ready', () => (this.lostBy = undefined));
  }

  get isConfigured(): boolean {
    return this.redis !== undefined;
  }

  /** @throws what keeps it away, or its refusal */
  async ping(): Promise<void> {
    if (this.lostBy !== undefined) throw this.lostBy;
    await this.redis?.ping();
  }

  /**
   * Adds one to a number that is forgotten after a while; both happen or neither.
   *
   * @param keptMs from now on, in ms
   * @returns the number
   * @throws when it cannot be reached or refuses
   */
  async increment(key: string, keptMs: number): Promise<number> {
    if (this.redis === undefined) throw new Error('there is no REDIS_URL');
    const results = await this.redis.multi().incr(key).pexpire(key, keptMs).exec();
    const [error, value] = results?.[0] ?? [new Error('the transaction was given up'), null];
    if (error !== null) throw error;
    return Number(value);
  }

  onApplicationShutdown(): void {
    this.redis?.disconnect();
  }
}
