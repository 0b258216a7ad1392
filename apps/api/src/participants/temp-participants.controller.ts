import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { NotAllowed } from '../auth/auth.errors';
import { CallerId } from '../auth/caller.decorator';
import { DescribeForMember } from '../auth/describe-member';
import { InvalidRequest } from '../http/field-error';
import { ApiStudyId, PathId } from '../http/ids';
import { CheckedQuery } from '../http/validation';
import { StudyNotFound } from '../studies/studies.errors';
import { ListParticipantsDto, OwnParticipantDto } from './dto/participant.dto';
import { ParticipantsService } from './participants.service';

@ApiTags('participants')
@ApiStudyId()
@Controller('api/v2/temp/studies/:studyId/participants')
export class TempParticipantsController {
  constructor(private readonly participants: ParticipantsService) {}

  @Get()
  @DescribeForMember({
    summary: 'Tells the caller whether they are in a study',
    description: 'Without memberId the same as the list of participants.',
    success: { status: 200, description: 'the caller, or null', type: OwnParticipantDto },
    errors: [InvalidRequest, StudyNotFound, NotAllowed],
  })
  async find(
    @CallerId() callerId: number,
    @PathId('studyId') studyId: number,
    @CheckedQuery() { memberId }: ListParticipantsDto,
  ): Promise<OwnParticipantDto> {
    if (memberId === undefined) return { participants: await this.participants.list(callerId, studyId) };
    if (memberId !== callerId) throw new NotAllowed();
    const own = await this.participants.find(callerId, studyId);
    return { participants: own === null ? null : [own] };
  }
}
