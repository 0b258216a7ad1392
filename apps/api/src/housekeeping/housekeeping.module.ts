import { Module } from '@nestjs/common';
import { IdempotencyModule } from '../idempotency/idempotency.module';
import { InvitationsModule } from '../invitations/invitations.module';
import { HousekeepingService } from './housekeeping.service';

@Module({ imports: [IdempotencyModule, InvitationsModule], providers: [HousekeepingService] })
export class HousekeepingModule {}
