import { Module } from '@nestjs/common';
import { Drain } from './drain';
import { HealthController } from './health.controller';
import { HealthService } from './health.service';
import { RedisHealth } from './redis-health';

@Module({ controllers: [HealthController], providers: [HealthService, RedisHealth, Drain], exports: [Drain] })
export class HealthModule {}
