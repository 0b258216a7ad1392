import { Module } from '@nestjs/common';
import { makeCounterProvider } from '@willsoto/nestjs-prometheus';
import { RedisModule } from '../redis/redis.module';
import { DatabaseCounts } from './database-counts';
import { REDIS_FAILURES, SharedCounts } from './shared-counts';
import { THROTTLED, ThrottlingService } from './throttling.service';

/** How often something may be asked for. */
@Module({
  imports: [RedisModule],
  providers: [
    ThrottlingService,
    SharedCounts,
    DatabaseCounts,
    makeCounterProvider({
      name: THROTTLED,
      help: 'Requests refused with 429, by limit',
      labelNames: ['limit'],
    }),
    makeCounterProvider({
      name: REDIS_FAILURES,
      help: 'Calls that the database counted because Redis did not answer; each is followed by a pause of 1 s',
    }),
  ],
  exports: [ThrottlingService],
})
export class ThrottlingModule {}
