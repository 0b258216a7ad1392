import { Module } from '@nestjs/common';
import { IdempotencyModule } from '../idempotency/idempotency.module';
import { InvitationsModule } from '../invitations/invitations.module';
import { ThrottlingModule } from '../throttling/throttling.module';
import { CodesController } from './codes.controller';
import { ParticipantCodes } from './participant-code';
import { StudiesController } from './studies.controller';
import { StudiesRepository } from './studies.repository';
import { StudiesService } from './studies.service';
import { StudyQueries } from './study-queries';

@Module({
  imports: [IdempotencyModule, InvitationsModule, ThrottlingModule],
  controllers: [StudiesController, CodesController],
  providers: [StudiesService, StudiesRepository, StudyQueries, ParticipantCodes],
  exports: [StudiesService],
})
export class StudiesModule {}
