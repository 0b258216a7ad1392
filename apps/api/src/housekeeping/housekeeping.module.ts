import { Module } from '@nestjs/common';
import { AdminModule } from '../admin/admin.module';
import { IdempotencyModule } from '../idempotency/idempotency.module';
import { IdentitiesModule } from '../identities/identities.module';
import { InvitationsModule } from '../invitations/invitations.module';
import { MembersModule } from '../members/members.module';
import { OAuthModule } from '../oauth/oauth.module';
import { SessionsModule } from '../sessions/sessions.module';
import { ThrottlingModule } from '../throttling/throttling.module';
import { HousekeepingService } from './housekeeping.service';

@Module({
  imports: [
    AdminModule,
    IdempotencyModule,
    IdentitiesModule,
    InvitationsModule,
    MembersModule,
    OAuthModule,
    SessionsModule,
    ThrottlingModule,
  ],
  providers: [HousekeepingService],
})
export class HousekeepingModule {}
