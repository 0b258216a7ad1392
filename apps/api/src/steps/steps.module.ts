import { Module } from '@nestjs/common';
import { IdempotencyModule } from '../idempotency/idempotency.module';
import { ParticipantsModule } from '../participants/participants.module';
import { StudiesModule } from '../studies/studies.module';
import { StepsController } from './steps.controller';
import { StepsService } from './steps.service';

@Module({
  imports: [IdempotencyModule, ParticipantsModule, StudiesModule],
  controllers: [StepsController],
  providers: [StepsService],
})
export class StepsModule {}
