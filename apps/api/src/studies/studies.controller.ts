import { Controller, Get, Post, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { NotAllowed } from '../auth/auth.errors';
import { CallerId, TheCaller } from '../auth/caller.decorator';
import { DescribeForMember } from '../auth/describe-member';
import type { Caller } from '../auth/jwt.strategy';
import { LooksUpCaller } from '../auth/looks-up-caller.decorator';
import { InvalidRequest } from '../http/field-error';
import { ApiStudyId, PathId } from '../http/ids';
import { LIMITS } from '../http/limits';
import { REQUEST_BODY_ERRORS } from '../http/request-errors';
import { CheckedBody, CheckedQuery } from '../http/validation';
import {
  ApiIdempotencyKey,
  IDEMPOTENCY_ERRORS,
  Keyed,
  type KeyedRequest,
} from '../idempotency/keyed-request';
import { MemberNotFound } from '../members/members.errors';
import { TooManyRequests } from '../throttling/throttling.errors';
import { ThrottlingService } from '../throttling/throttling.service';
import { ListStudiesDto, OpenStudyDto } from './dto/study-request.dto';
import { StudiesDto, StudyDto, toStudyDto } from './dto/study.dto';
import {
  ParticipantCodeExpired,
  ParticipantCodeUnknown,
  StudyNameInvalid,
  StudyNotFound,
  TimePerCycleInvalid,
  TotalCycleInvalid,
} from './studies.errors';
import { StudiesService } from './studies.service';

@ApiTags('studies')
@Controller('api/v2/studies')
export class StudiesController {
  constructor(
    private readonly studies: StudiesService,
    private readonly throttling: ThrottlingService,
  ) {}

  @Post()
  @ApiIdempotencyKey()
  @DescribeForMember({
    summary: 'Opens a study',
    description:
      'The study waits in its lobby and has a participant code. The caller is not in it yet: the first seat is kept for 60 seconds.',
    success: { status: 201, description: 'opened', headers: { Location: 'path of the study' } },
    errors: [
      ...REQUEST_BODY_ERRORS,
      StudyNameInvalid,
      TotalCycleInvalid,
      TimePerCycleInvalid,
      MemberNotFound,
      ...IDEMPOTENCY_ERRORS,
    ],
  })
  async open(
    @CallerId() callerId: number,
    @CheckedBody() body: OpenStudyDto,
    @Keyed() keyed: KeyedRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    const studyId = await this.studies.open(callerId, body, keyed);
    void reply.header('Location', `/api/v2/studies/${studyId}`);
  }

  @Get(':studyId')
  @LooksUpCaller()
  @ApiStudyId()
  @DescribeForMember({
    summary: 'Shows a study to its participants',
    success: { status: 200, description: 'the study', type: StudyDto },
    errors: [InvalidRequest, MemberNotFound, StudyNotFound, NotAllowed],
  })
  async get(@TheCaller() caller: Caller, @PathId('studyId') studyId: number): Promise<StudyDto> {
    return toStudyDto(await this.studies.get(caller, studyId));
  }

  @Get()
  @DescribeForMember({
    summary: "Lists the caller's studies, or finds one by its participant code",
    description: `A code, when given, counts alone. A member may try ${LIMITS.rates.codeLookup.max} codes in a minute.`,
    success: { status: 200, description: 'the studies; exactly one for a code', type: StudiesDto },
    errors: [
      InvalidRequest,
      ParticipantCodeUnknown,
      ParticipantCodeExpired,
      NotAllowed,
      MemberNotFound,
      TooManyRequests,
    ],
  })
  async list(@CallerId() callerId: number, @CheckedQuery() query: ListStudiesDto): Promise<StudiesDto> {
    const { participantCode, memberId = callerId } = query;
    if (participantCode !== undefined) {
      await this.throttling.count('codeLookup', callerId);
      return { studies: [toStudyDto(await this.studies.enter(callerId, participantCode))] };
    }
    if (memberId !== callerId) throw new NotAllowed();
    return { studies: (await this.studies.list(callerId)).map(toStudyDto) };
  }
}
