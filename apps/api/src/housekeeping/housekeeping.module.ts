import { Module } from '@nestjs/common';
import { IdempotencyModule } from '../idempotency/idempotency.module';
import { InvitationsModule } from '../invitations/invitations.module';
import { ThrottlingModule } from '../throttling/throttling.module';
import { HousekeepingService } from './housekeeping.service';

@Module({
  imports: [IdempotencyModule, InvitationsModule, ThrottlingModule],
  providers: [HousekeepingService],
})
export class HousekeepingModule {}
