import { Module } from '@nestjs/common';
import { SharedRedis } from './shared-redis';

/** The one connection of the process to Redis. */
@Module({ providers: [SharedRedis], exports: [SharedRedis] })
export class RedisModule {}
