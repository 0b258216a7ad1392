import { Module } from '@nestjs/common';
import { PollingQueries } from './polling-queries';
import { PollingController } from './polling.controller';
import { PollingService } from './polling.service';

@Module({ controllers: [PollingController], providers: [PollingQueries, PollingService] })
export class PollingModule {}
