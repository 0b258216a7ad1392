import { Module } from '@nestjs/common';
import { IdempotencyModule } from '../idempotency/idempotency.module';
import { MembersModule } from '../members/members.module';
import { ParticipantsModule } from '../participants/participants.module';
import { StudiesModule } from '../studies/studies.module';
import { SoloController } from './solo.controller';
import { SoloService } from './solo.service';

@Module({
  imports: [IdempotencyModule, MembersModule, ParticipantsModule, StudiesModule],
  controllers: [SoloController],
  providers: [SoloService],
})
export class SoloModule {}
