import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { NotAllowed } from '../auth/auth.errors';
import { CallerId } from '../auth/caller.decorator';
import { DescribeForMember } from '../auth/describe-member';
import { InvalidRequest } from '../http/field-error';
import { ApiStudyIdQuery, QueryId } from '../http/ids';
import { StudyNotFound } from '../studies/studies.errors';
import { ProgressDto, SubmittedDto, WaitingDto } from './dto/polling.dto';
import { NothingToSubmit } from './polling.errors';
import { PollingService } from './polling.service';

@ApiTags('polling')
@Controller('api/v2')
export class PollingController {
  constructor(private readonly polling: PollingService) {}

  @Get('waiting')
  @ApiStudyIdQuery()
  @DescribeForMember({
    summary: 'Shows the lobby',
    description:
      'Polled every 2 seconds. One who has just left may still ask for 10 seconds, since a poll may be under way.',
    success: { status: 200, description: 'the lobby', type: WaitingDto },
    errors: [InvalidRequest, StudyNotFound, NotAllowed],
  })
  waiting(@CallerId() callerId: number, @QueryId('studyId') studyId: number): Promise<WaitingDto> {
    return this.polling.waiting(callerId, studyId);
  }

  @Get('progress')
  @ApiStudyIdQuery()
  @DescribeForMember({
    summary: 'Shows the step of a study',
    description: 'Polled every 3 seconds by everybody but the host.',
    success: { status: 200, description: 'the step', type: ProgressDto },
    errors: [InvalidRequest, StudyNotFound, NotAllowed],
  })
  progress(@CallerId() callerId: number, @QueryId('studyId') studyId: number): Promise<ProgressDto> {
    return this.polling.progress(callerId, studyId);
  }

  @Get('submitted')
  @ApiStudyIdQuery()
  @DescribeForMember({
    summary: 'Shows who has written what the current step asks for',
    success: { status: 200, description: 'one entry for each participant', type: SubmittedDto },
    errors: [InvalidRequest, StudyNotFound, NotAllowed, NothingToSubmit],
  })
  submitted(@CallerId() callerId: number, @QueryId('studyId') studyId: number): Promise<SubmittedDto> {
    return this.polling.submitted(callerId, studyId);
  }
}
