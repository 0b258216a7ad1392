import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { NotAllowed } from '../auth/auth.errors';
import { TheCaller } from '../auth/caller.decorator';
import { DescribeForMember } from '../auth/describe-member';
import type { Caller } from '../auth/jwt.strategy';
import { LooksUpCaller } from '../auth/looks-up-caller.decorator';
import { InvalidRequest } from '../http/field-error';
import { CheckedQuery } from '../http/validation';
import { MemberNotFound } from '../members/members.errors';
import {
  RecordCalendarDto,
  RecordPageDto,
  toCalendarDto,
  toRecordPageDto,
  ViewCalendarDto,
  ViewListDto,
} from './dto/view.dto';
import { RecordsService } from './records.service';

const ERRORS = [InvalidRequest, NotAllowed, MemberNotFound];

/** The records as the web client of today asks for them. */
@ApiTags('records')
@LooksUpCaller()
@Controller('api/v2/view')
export class ViewsController {
  constructor(private readonly records: RecordsService) {}

  @Get('study-records')
  @DescribeForMember({
    summary: 'Lists the studies that the caller joined, page by page',
    description:
      'In any step, those that were never started too. New clients take `GET /api/v2/me/study-records`.',
    success: { status: 200, description: 'a page of records', type: RecordPageDto },
    errors: ERRORS,
  })
  async list(@TheCaller() caller: Caller, @CheckedQuery() query: ViewListDto): Promise<RecordPageDto> {
    return toRecordPageDto(await this.records.page(caller, query));
  }

  @Get('calendar/study-records')
  @DescribeForMember({
    summary: 'Shows the studies that the caller joined, day by day',
    description: 'In any step, those that were never started too.',
    success: { status: 200, description: 'the days that have records', type: RecordCalendarDto },
    errors: ERRORS,
  })
  async calendar(
    @TheCaller() caller: Caller,
    @CheckedQuery() query: ViewCalendarDto,
  ): Promise<RecordCalendarDto> {
    return toCalendarDto(await this.records.calendar(caller, query));
  }
}
