import { Controller, Get, Header, Req } from '@nestjs/common';
import { ApiParam, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Public } from '../auth/public.decorator';
import { Describe } from '../http/describe';
import { LIMITS } from '../http/limits';
import { CalendarFeedNotFound } from './calendar-feed.errors';
import { CalendarFeedService } from './calendar-feed.service';

@ApiTags('records')
@Public()
@Controller('api/v2/calendar-feeds')
export class CalendarFeedsController {
  constructor(private readonly feeds: CalendarFeedService) {}

  @Get(':token.ics')
  @ApiParam({
    name: 'token',
    description: 'as it was given by `POST /api/v2/me/calendar-feed`',
    schema: {
      type: 'string',
      pattern: '^[A-Za-z0-9_-]{43}$',
      example: 's7Vn0cYp1mJrTqzWk3bXh8uLd5gEaF2iNo9xQtRvBy4',
    },
  })
  @Header('Content-Type', 'text/calendar; charset=utf-8')
  // A copy on the way would outlive the revocation.
  @Header('Cache-Control', 'private, no-store')
  @Describe({
    summary: 'Shows a calendar feed',
    description:
      `The studies that were started, of the last ${LIMITS.feedDays} days, the newest ${LIMITS.feedStudies} at most ` +
      '(RFC 5545). One that runs ends when it is planned to.',
    success: { status: 200, description: 'the feed', type: String, contentType: 'text/calendar' },
    errors: [CalendarFeedNotFound],
  })
  read(@Req() { params }: FastifyRequest<{ Params: { token: string } }>): Promise<string> {
    return this.feeds.read(params.token);
  }
}
