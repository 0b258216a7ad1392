import { Module } from '@nestjs/common';
import { CalendarFeedModule } from '../calendar-feed/calendar-feed.module';
import { IdempotencyModule } from '../idempotency/idempotency.module';
import { IdentitiesModule } from '../identities/identities.module';
import { MembersModule } from '../members/members.module';
import { ParticipantsModule } from '../participants/participants.module';
import { SessionsModule } from '../sessions/sessions.module';
import { StudiesModule } from '../studies/studies.module';
import { LeavingController } from './leaving.controller';
import { LeavingService } from './leaving.service';
import { UnregistrationsRepository } from './unregistrations.repository';

/** Leaving the service for good. */
@Module({
  imports: [
    CalendarFeedModule,
    IdempotencyModule,
    IdentitiesModule,
    MembersModule,
    ParticipantsModule,
    SessionsModule,
    StudiesModule,
  ],
  controllers: [LeavingController],
  providers: [LeavingService, UnregistrationsRepository],
})
export class LeavingModule {}
