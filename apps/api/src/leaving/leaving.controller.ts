import { Controller, HttpCode, Post, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { CallerId } from '../auth/caller.decorator';
import { DescribeForMember } from '../auth/describe-member';
import { REQUEST_BODY_ERRORS } from '../http/request-errors';
import { CheckedBody } from '../http/validation';
import { MemberNotFound } from '../members/members.errors';
import { deleteRefreshCookie } from '../sessions/refresh-cookie';
import { UnregisterDto } from './dto/unregister.dto';
import { UnregisterReasonEmpty, UnregisterReasonInvalid } from './leaving.errors';
import { LeavingService } from './leaving.service';

@ApiTags('members')
@Controller('api/v2/unregister')
export class LeavingController {
  constructor(private readonly leaving: LeavingService) {}

  @Post()
  @HttpCode(204)
  @DescribeForMember({
    summary: 'Leaves the service for good',
    description:
      'Ends every token of the caller on every device. What the caller wrote and was called is erased; a study under way ' +
      'goes on under the one who joined first, or ends with its last participant. A later login is a new member.',
    success: {
      status: 204,
      description: 'left',
      headers: { 'Set-Cookie': 'deletes the refresh cookie' },
    },
    errors: [...REQUEST_BODY_ERRORS, UnregisterReasonEmpty, UnregisterReasonInvalid, MemberNotFound],
  })
  async unregister(
    @CallerId() callerId: number,
    @CheckedBody() { reason }: UnregisterDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    await this.leaving.unregister(callerId, reason);
    deleteRefreshCookie(reply);
  }
}
