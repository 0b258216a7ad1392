import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { Config } from '@app/config';
import { Redis } from 'ioredis';
import { CONFIG } from '../config.token';

/** The store that the processes of an installation share, where there is one. */
@Injectable()
export class RedisHealth implements OnApplicationShutdown {
  private readonly redis: Redis | undefined;
  private lostBy: Error | undefined;

  constructor(@Inject(CONFIG) { redisUrl }: Config) {
    if (redisUrl === undefined) return;
    this.redis = new Redis(redisUrl, { maxRetriesPerRequest: 1, enableOfflineQueue: false });
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

  onApplicationShutdown(): void {
    this.redis?.disconnect();
  }
}
