import { Module } from '@nestjs/common';
import { FunnelModule } from '../funnel/funnel.module';
import { IdempotencyModule } from '../idempotency/idempotency.module';
import { InvitationsModule } from '../invitations/invitations.module';
import { MembersModule } from '../members/members.module';
import { ThrottlingModule } from '../throttling/throttling.module';
import { CodesController } from './codes.controller';
import { ParticipantCodes } from './participant-code';
import { StudiesController } from './studies.controller';
import { StudiesRepository } from './studies.repository';
import { StudiesService } from './studies.service';
import { StudyQueries } from './study-queries';

@Module({
  imports: [FunnelModule, IdempotencyModule, InvitationsModule, MembersModule, ThrottlingModule],
  controllers: [StudiesController, CodesController],
  providers: [StudiesService, StudiesRepository, StudyQueries, ParticipantCodes],
  exports: [StudiesService],
})
export class StudiesModule {}
