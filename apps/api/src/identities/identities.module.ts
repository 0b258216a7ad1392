import { Module } from '@nestjs/common';
import { CalendarFeedModule } from '../calendar-feed/calendar-feed.module';
import { FunnelModule } from '../funnel/funnel.module';
import { IdempotencyModule } from '../idempotency/idempotency.module';
import { InvitationsModule } from '../invitations/invitations.module';
import { MembersModule } from '../members/members.module';
import { OAuthModule } from '../oauth/oauth.module';
import { ParticipantsModule } from '../participants/participants.module';
import { SessionsModule } from '../sessions/sessions.module';
import { StudiesModule } from '../studies/studies.module';
import { ThrottlingModule } from '../throttling/throttling.module';
import { ClaimQueries } from './claim-queries';
import { ClaimsRepository } from './claims.repository';
import { ClaimsService } from './claims.service';
import { IdentitiesController } from './identities.controller';
import { IdentitiesRepository } from './identities.repository';
import { IdentitiesService } from './identities.service';
import { KnownMembersService } from './known-members.service';
import { MergingService } from './merging.service';

/** Whom we know by which identity. */
@Module({
  imports: [
    CalendarFeedModule,
    FunnelModule,
    IdempotencyModule,
    InvitationsModule,
    MembersModule,
    ParticipantsModule,
    SessionsModule,
    OAuthModule,
    StudiesModule,
    ThrottlingModule,
  ],
  controllers: [IdentitiesController],
  providers: [
    IdentitiesService,
    IdentitiesRepository,
    KnownMembersService,
    ClaimsService,
    ClaimsRepository,
    ClaimQueries,
    MergingService,
  ],
  exports: [IdentitiesService, ClaimsService],
})
export class IdentitiesModule {}
