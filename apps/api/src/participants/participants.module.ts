import { Module } from '@nestjs/common';
import { ContentsModule } from '../contents/contents.module';
import { InvitationsModule } from '../invitations/invitations.module';
import { MembersModule } from '../members/members.module';
import { StudiesModule } from '../studies/studies.module';
import { JoiningService } from './joining.service';
import { ParticipantQueries } from './participant-queries';
import { ParticipantsController } from './participants.controller';
import { ParticipantsRepository } from './participants.repository';
import { ParticipantsService } from './participants.service';
import { TempParticipantsController } from './temp-participants.controller';

@Module({
  imports: [ContentsModule, InvitationsModule, MembersModule, StudiesModule],
  controllers: [ParticipantsController, TempParticipantsController],
  providers: [ParticipantsService, JoiningService, ParticipantsRepository, ParticipantQueries],
  exports: [ParticipantsService, JoiningService],
})
export class ParticipantsModule {}
