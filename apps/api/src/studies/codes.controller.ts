import { Controller, Get } from '@nestjs/common';
import { ApiProperty, ApiTags } from '@nestjs/swagger';
import { NotAllowed } from '../auth/auth.errors';
import { CallerId } from '../auth/caller.decorator';
import { DescribeForMember } from '../auth/describe-member';
import { InvalidRequest } from '../http/field-error';
import { ApiStudyIdQuery, QueryId } from '../http/ids';
import { ParticipantCodeUnknown, StudyNotFound } from './studies.errors';
import { StudiesService } from './studies.service';

export class ParticipantCodeDto {
  @ApiProperty({ description: 'six capital letters', pattern: '^[A-Z]{6}$', example: 'QWERTY' })
  readonly participantCode: string;
}

@ApiTags('studies')
@Controller('api/v2/participant-codes')
export class CodesController {
  constructor(private readonly studies: StudiesService) {}

  @Get()
  @ApiStudyIdQuery()
  @DescribeForMember({
    summary: 'Shows the participant code of a study to its participants',
    success: { status: 200, description: 'the code', type: ParticipantCodeDto },
    errors: [InvalidRequest, StudyNotFound, NotAllowed, ParticipantCodeUnknown],
  })
  async get(@CallerId() callerId: number, @QueryId('studyId') studyId: number): Promise<ParticipantCodeDto> {
    return { participantCode: await this.studies.getCode(callerId, studyId) };
  }
}
