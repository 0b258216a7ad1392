import { Controller, Delete, Get, HttpCode, Post, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { NotAllowed } from '../auth/auth.errors';
import { CallerId } from '../auth/caller.decorator';
import { DescribeForMember } from '../auth/describe-member';
import { InvalidRequest } from '../http/field-error';
import { ApiId, ApiStudyId, PathId } from '../http/ids';
import { REQUEST_BODY_ERRORS } from '../http/request-errors';
import { CheckedBody, CheckedQuery } from '../http/validation';
import { MemberNotFound } from '../members/members.errors';
import { ParticipantCodeExpired, StudyNotFound } from '../studies/studies.errors';
import { JoinDto, ListParticipantsDto, ParticipantDto, ParticipantsDto } from './dto/participant.dto';
import { JoiningService } from './joining.service';
import {
  FirstSeatReserved,
  InvitationNeeded,
  NicknameInvalid,
  NotAParticipant,
  ParticipantOfAnotherStudy,
  StudyAlreadyStarted,
} from './participants.errors';
import { ParticipantsService } from './participants.service';

const ApiParticipantId = () => ApiId('participantId', "the caller's own participant", 31);

@ApiTags('participants')
@ApiStudyId()
@Controller('api/v2/studies/:studyId/participants')
export class ParticipantsController {
  constructor(
    private readonly participants: ParticipantsService,
    private readonly joining: JoiningService,
  ) {}

  @Get()
  @DescribeForMember({
    summary: 'Lists the participants of a study to its participants',
    success: { status: 200, description: 'everybody, or the caller alone', type: ParticipantsDto },
    errors: [InvalidRequest, StudyNotFound, NotAllowed, NotAParticipant],
  })
  async list(
    @CallerId() callerId: number,
    @PathId('studyId') studyId: number,
    @CheckedQuery() { memberId }: ListParticipantsDto,
  ): Promise<ParticipantsDto> {
    if (memberId === undefined) return { participants: await this.participants.list(callerId, studyId) };
    if (memberId !== callerId) throw new NotAllowed();
    return { participants: [await this.participants.getOwn(callerId, studyId)] };
  }

  @Get(':participantId')
  @ApiParticipantId()
  @DescribeForMember({
    summary: "Shows the caller's own participant",
    success: { status: 200, description: 'the participant', type: ParticipantDto },
    errors: [InvalidRequest, NotAParticipant, NotAllowed, ParticipantOfAnotherStudy],
  })
  get(
    @CallerId() callerId: number,
    @PathId('studyId') studyId: number,
    @PathId('participantId') participantId: number,
  ): Promise<ParticipantDto> {
    return this.participants.get(callerId, studyId, participantId);
  }

  @Post()
  @DescribeForMember({
    summary: 'Joins a study that waits in its lobby',
    description:
      'Needs an invitation: having looked the study up by its participant code in the last 24 hours, or having opened it. ' +
      'The first one in becomes host. A repeat answers the same and keeps the first nickname, after the start, too.',
    success: { status: 201, description: 'joined', headers: { Location: 'path of the participant' } },
    errors: [
      ...REQUEST_BODY_ERRORS,
      NotAllowed,
      MemberNotFound,
      StudyNotFound,
      StudyAlreadyStarted,
      ParticipantCodeExpired,
      InvitationNeeded,
      FirstSeatReserved,
      NicknameInvalid,
    ],
  })
  async join(
    @CallerId() callerId: number,
    @PathId('studyId') studyId: number,
    @CheckedBody() { memberId, nickname }: JoinDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    if (memberId !== callerId) throw new NotAllowed();
    const participantId = await this.joining.join(callerId, studyId, nickname);
    void reply.header('Location', `/api/v2/studies/${studyId}/participants/${participantId}`);
  }

  @Delete(':participantId')
  @ApiParticipantId()
  @HttpCode(204)
  @DescribeForMember({
    summary: 'Leaves a study',
    description:
      'Removes what the caller wrote in it. A running study that the host leaves goes on under the one who joined first.',
    success: { status: 204, description: 'left' },
    errors: [...REQUEST_BODY_ERRORS, StudyNotFound, NotAParticipant, NotAllowed, ParticipantOfAnotherStudy],
  })
  leave(
    @CallerId() callerId: number,
    @PathId('studyId') studyId: number,
    @PathId('participantId') participantId: number,
  ): Promise<void> {
    return this.joining.leave(callerId, studyId, participantId);
  }
}
