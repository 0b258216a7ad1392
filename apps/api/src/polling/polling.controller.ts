import { Controller, Get, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { NotAllowed } from '../auth/auth.errors';
import { TheCaller } from '../auth/caller.decorator';
import { DescribeForMember } from '../auth/describe-member';
import type { Caller } from '../auth/jwt.strategy';
import { LooksUpCaller } from '../auth/looks-up-caller.decorator';
import { InvalidRequest } from '../http/field-error';
import { ApiStudyIdQuery, QueryId } from '../http/ids';
import { MemberNotFound } from '../members/members.errors';
import { StudyNotFound } from '../studies/studies.errors';
import { ProgressDto, SubmittedDto, WaitingDto } from './dto/polling.dto';
import { NothingToSubmit } from './polling.errors';
import { PollingService } from './polling.service';
import { answer, ApiRevalidation, REVALIDATED } from './revalidation';

@ApiTags('polling')
@Controller('api/v2')
export class PollingController {
  constructor(private readonly polling: PollingService) {}

  @Get('waiting')
  @LooksUpCaller()
  @ApiStudyIdQuery()
  @ApiRevalidation()
  @DescribeForMember({
    summary: 'Shows the lobby',
    description:
      'Polled every 2 seconds. One who has just left may still ask for 10 seconds, since a poll may be under way.',
    success: { status: 200, description: 'the lobby', type: WaitingDto, headers: REVALIDATED },
    errors: [InvalidRequest, MemberNotFound, StudyNotFound, NotAllowed],
  })
  waiting(
    @TheCaller() caller: Caller,
    @QueryId('studyId') studyId: number,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return answer(reply, this.polling.waiting(caller, studyId));
  }

  @Get('progress')
  @LooksUpCaller()
  @ApiStudyIdQuery()
  @ApiRevalidation()
  @DescribeForMember({
    summary: 'Shows the step of a study',
    description: 'Polled every 3 seconds by everybody but the host.',
    success: { status: 200, description: 'the step', type: ProgressDto, headers: REVALIDATED },
    errors: [InvalidRequest, MemberNotFound, StudyNotFound, NotAllowed],
  })
  progress(
    @TheCaller() caller: Caller,
    @QueryId('studyId') studyId: number,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return answer(reply, this.polling.progress(caller, studyId));
  }

  @Get('submitted')
  @LooksUpCaller()
  @ApiStudyIdQuery()
  @ApiRevalidation()
  @DescribeForMember({
    summary: 'Shows who has written what the current step asks for',
    success: {
      status: 200,
      description: 'one entry for each participant',
      type: SubmittedDto,
      headers: REVALIDATED,
    },
    errors: [InvalidRequest, MemberNotFound, StudyNotFound, NotAllowed, NothingToSubmit],
  })
  submitted(
    @TheCaller() caller: Caller,
    @QueryId('studyId') studyId: number,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return answer(reply, this.polling.submitted(caller, studyId));
  }
}
