import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { TheCaller } from '../auth/caller.decorator';
import { DescribeForMember } from '../auth/describe-member';
import type { Caller } from '../auth/jwt.strategy';
import { LooksUpCaller } from '../auth/looks-up-caller.decorator';
import { InvalidRequest } from '../http/field-error';
import { CheckedQuery } from '../http/validation';
import { MemberNotFound } from '../members/members.errors';
import { DetailedRecordsDto, ListRecordsDto, toDetailedRecordDto } from './dto/record.dto';
import { RecordsService } from './records.service';

@ApiTags('records')
@LooksUpCaller()
@Controller('api/v2/me/study-records')
export class RecordsController {
  constructor(private readonly records: RecordsService) {}

  @Get()
  @DescribeForMember({
    summary: 'Lists the studies that the caller took part in, newest first',
    description:
      'Studies that were never started are left out. A page far down costs no more than the first: pass `nextCursor` on ' +
      'as `cursor`, the other parameters unchanged.',
    success: { status: 200, description: 'a page of records', type: DetailedRecordsDto },
    errors: [InvalidRequest, MemberNotFound],
  })
  async list(
    @TheCaller() caller: Caller,
    @CheckedQuery() query: ListRecordsDto,
  ): Promise<DetailedRecordsDto> {
    const { items, nextCursor } = await this.records.list(caller, query);
    return { items: items.map(toDetailedRecordDto), nextCursor };
  }
}
