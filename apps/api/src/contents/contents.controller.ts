import { Controller, Get, HttpCode, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { NotAllowed } from '../auth/auth.errors';
import { CallerId } from '../auth/caller.decorator';
import { DescribeForMember } from '../auth/describe-member';
import { InvalidRequest } from '../http/field-error';
import { ApiStudyId, PathId } from '../http/ids';
import { REQUEST_BODY_ERRORS } from '../http/request-errors';
import { CheckedBody, CheckedQuery } from '../http/validation';
import { MemberNotFound } from '../members/members.errors';
import { NotAParticipant, ParticipantOfAnotherStudy } from '../participants/participants.errors';
import { StudyNotFound } from '../studies/studies.errors';
import { ContentNotFound, ContentTooLong, WrongStep } from './contents.errors';
import { ContentsService } from './contents.service';
import { ContentsDto, ListContentsDto, WritePlanDto, WriteRetrospectDto } from './dto/content.dto';

const WRITE_ERRORS = [
  ...REQUEST_BODY_ERRORS,
  ContentTooLong,
  StudyNotFound,
  NotAParticipant,
  MemberNotFound,
  ParticipantOfAnotherStudy,
  NotAllowed,
  WrongStep,
  ContentNotFound,
] as const;

@ApiTags('contents')
@ApiStudyId()
@Controller('api/v2/studies/:studyId/contents')
export class ContentsController {
  constructor(private readonly contents: ContentsService) {}

  @Get()
  @DescribeForMember({
    summary: 'Shows what a participant planned and looked back on',
    description: 'Participants of one study may read each other.',
    success: { status: 200, description: 'the contents, by cycle', type: ContentsDto },
    errors: [InvalidRequest, StudyNotFound, NotAllowed, NotAParticipant],
  })
  async list(
    @CallerId() callerId: number,
    @PathId('studyId') studyId: number,
    @CheckedQuery() { participantId, cycle }: ListContentsDto,
  ): Promise<ContentsDto> {
    return { content: await this.contents.list(callerId, studyId, participantId, cycle) };
  }

  @Post('write-plan')
  @HttpCode(200)
  @DescribeForMember({
    summary: 'Writes the plan of the current cycle',
    description: 'Only while the study is planning. Writing again replaces it.',
    success: { status: 200, description: 'written' },
    errors: WRITE_ERRORS,
  })
  writePlan(
    @CallerId() callerId: number,
    @PathId('studyId') studyId: number,
    @CheckedBody() { participantId, plan }: WritePlanDto,
  ): Promise<void> {
    return this.contents.write('plan', { callerId, studyId, participantId }, plan);
  }

  @Post('write-retrospect')
  @HttpCode(200)
  @DescribeForMember({
    summary: 'Writes the retrospect of the current cycle',
    description: 'Only while the study looks back, with or without a plan. Writing again replaces it.',
    success: { status: 200, description: 'written' },
    errors: WRITE_ERRORS,
  })
  writeRetrospect(
    @CallerId() callerId: number,
    @PathId('studyId') studyId: number,
    @CheckedBody() { participantId, retrospect }: WriteRetrospectDto,
  ): Promise<void> {
    return this.contents.write('retrospect', { callerId, studyId, participantId }, retrospect);
  }
}
