import { Controller, Delete, Header, HttpCode, Post, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { CallerId } from '../auth/caller.decorator';
import { DescribeForMember } from '../auth/describe-member';
import { PARSER_ERRORS } from '../http/request-errors';
import { MemberNotFound } from '../members/members.errors';
import { CalendarFeedService } from './calendar-feed.service';
import { CalendarFeedDto } from './dto/calendar-feed.dto';

@ApiTags('records')
@Controller('api/v2/me/calendar-feed')
export class MyCalendarFeedController {
  constructor(private readonly feeds: CalendarFeedService) {}

  @Post()
  @HttpCode(201)
  @Header('Cache-Control', 'no-store')
  @DescribeForMember({
    summary: "Opens a calendar feed of the caller's studies",
    description: 'Calendars read it without a login. An address that was given before is revoked.',
    success: { status: 201, description: 'the address of the feed', type: CalendarFeedDto },
    errors: [...PARSER_ERRORS, MemberNotFound],
  })
  async open(@CallerId() callerId: number, @Req() request: FastifyRequest): Promise<CalendarFeedDto> {
    const token = await this.feeds.open(callerId);
    return { url: `${request.protocol}://${request.host}/api/v2/calendar-feeds/${token}.ics` };
  }

  @Delete()
  @HttpCode(204)
  @DescribeForMember({
    summary: 'Revokes the calendar feed of the caller',
    description: 'Its address shows nothing any more. Without a feed there is nothing to do.',
    success: { status: 204, description: 'revoked' },
    errors: PARSER_ERRORS,
  })
  revoke(@CallerId() callerId: number): Promise<void> {
    return this.feeds.revoke(callerId);
  }
}
