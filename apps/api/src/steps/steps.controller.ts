import { Controller, HttpCode, Post } from '@nestjs/common';
import { ApiBody, ApiTags } from '@nestjs/swagger';
import { CallerId } from '../auth/caller.decorator';
import { DescribeForMember } from '../auth/describe-member';
import { ApiStudyId, PathId } from '../http/ids';
import { REQUEST_BODY_ERRORS } from '../http/request-errors';
import { CheckedBody } from '../http/validation';
import {
  ApiIdempotencyKey,
  IDEMPOTENCY_ERRORS,
  Keyed,
  type KeyedRequest,
} from '../idempotency/keyed-request';
import { MemberNotFound } from '../members/members.errors';
import { NotAParticipant, NotHost } from '../participants/participants.errors';
import { StudyNotFound } from '../studies/studies.errors';
import { NextStepDto } from './dto/next-step.dto';
import { StepHasChanged } from './steps.errors';
import { StepsService } from './steps.service';

@ApiTags('studies')
@ApiStudyId()
@Controller('api/v2/studies/:studyId/next-step')
export class StepsController {
  constructor(private readonly steps: StepsService) {}

  @Post()
  @HttpCode(204)
  @ApiIdempotencyKey()
  @ApiBody({ type: NextStepDto, required: false })
  @DescribeForMember({
    summary: 'Moves a study one step on',
    description:
      'Host only. With expectedStep (and expectedCycle) any number of presses at once give one change; without a body each ' +
      'press gives one. A study that is over stays as it is.',
    success: { status: 204, description: 'moved on, or over already' },
    errors: [
      ...REQUEST_BODY_ERRORS,
      StudyNotFound,
      MemberNotFound,
      NotAParticipant,
      NotHost,
      StepHasChanged,
      ...IDEMPOTENCY_ERRORS,
    ],
  })
  next(
    @CallerId() callerId: number,
    @PathId('studyId') studyId: number,
    @CheckedBody() seen: NextStepDto,
    @Keyed() keyed: KeyedRequest,
  ): Promise<void> {
    return this.steps.advance(callerId, studyId, seen, keyed);
  }
}
