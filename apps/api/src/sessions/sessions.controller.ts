import { Controller, Delete, Get, HttpCode } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CallerId, TheCaller } from '../auth/caller.decorator';
import { DescribeForMember } from '../auth/describe-member';
import type { Caller } from '../auth/jwt.strategy';
import { PARSER_ERRORS } from '../http/request-errors';
import { DevicesService } from './devices.service';
import { SessionsDto } from './dto/session.dto';
import { ApiSessionId, PathSessionId } from './session-id';
import { SessionNotFound } from './sessions.errors';

@ApiTags('sessions')
@Controller('api/v2/me/sessions')
export class SessionsController {
  constructor(private readonly devices: DevicesService) {}

  @Get()
  @DescribeForMember({
    summary: 'Lists the devices on which the caller is logged in',
    description: 'A guest has none.',
    success: { status: 200, description: 'the logins that are not over', type: SessionsDto },
  })
  async list(@TheCaller() caller: Caller): Promise<SessionsDto> {
    return { sessions: await this.devices.list(caller) };
  }

  @Delete(':sessionId')
  @HttpCode(204)
  @ApiSessionId()
  @DescribeForMember({
    summary: 'Logs one device of the caller out',
    description: 'Its access tokens end at once. It may be the one that asks.',
    success: { status: 204, description: 'logged out' },
    errors: [...PARSER_ERRORS, SessionNotFound],
  })
  end(@CallerId() callerId: number, @PathSessionId('sessionId') sessionId: Buffer): Promise<void> {
    return this.devices.end(callerId, sessionId);
  }
}
