import { Controller, Post, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { CallerId } from '../auth/caller.decorator';
import { DescribeForMember } from '../auth/describe-member';
import { REQUEST_BODY_ERRORS } from '../http/request-errors';
import { CheckedBody } from '../http/validation';
import {
  ApiIdempotencyKey,
  IDEMPOTENCY_ERRORS,
  Keyed,
  type KeyedRequest,
} from '../idempotency/keyed-request';
import { MemberNotFound } from '../members/members.errors';
import { NicknameInvalid } from '../participants/participants.errors';
import { StudyNameInvalid, TimePerCycleInvalid, TotalCycleInvalid } from '../studies/studies.errors';
import { OpenSoloStudyDto, SoloStudyDto } from './dto/solo-study.dto';
import { SoloService } from './solo.service';

@ApiTags('studies')
@Controller('api/v2/solo-studies')
export class SoloController {
  constructor(private readonly solo: SoloService) {}

  @Post()
  @ApiIdempotencyKey()
  @DescribeForMember({
    summary: 'Starts a study of one',
    description:
      'From login to a running study in one request: no code, no lobby. The study is planning its first cycle.',
    success: {
      status: 201,
      description: 'started',
      type: SoloStudyDto,
      headers: { Location: 'path of the study' },
    },
    errors: [
      ...REQUEST_BODY_ERRORS,
      StudyNameInvalid,
      TotalCycleInvalid,
      TimePerCycleInvalid,
      NicknameInvalid,
      MemberNotFound,
      ...IDEMPOTENCY_ERRORS,
    ],
  })
  async start(
    @CallerId() callerId: number,
    @CheckedBody() body: OpenSoloStudyDto,
    @Keyed() keyed: KeyedRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SoloStudyDto> {
    const study = await this.solo.start(callerId, body, keyed);
    void reply.header('Location', `/api/v2/studies/${study.studyId}`);
    return study;
  }
}
