import { Module } from '@nestjs/common';
import { RedisModule } from '../redis/redis.module';
import { Drain } from './drain';
import { DrainController } from './drain.controller';
import { HealthController } from './health.controller';
import { HealthService } from './health.service';

@Module({
  imports: [RedisModule],
  controllers: [HealthController, DrainController],
  providers: [HealthService, Drain],
  exports: [Drain],
})
export class HealthModule {}
