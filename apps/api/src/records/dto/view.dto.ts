import { ApiExtraModels, ApiProperty, ApiPropertyOptional, getSchemaPath } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { Allow, IsOptional } from 'class-validator';
import { LIMITS } from '../../http/limits';
import { PageNumber, PageSize } from '../../http/offset-page';
import { IsId } from '../../http/validation';
import type { Page, RecordRow } from '../record-queries';
import {
  ApiOpenedAt,
  ApiStudyId,
  ApiStudyName,
  ApiTimePerCycle,
  ApiTotalCycle,
} from '../../studies/dto/study-fields';
import { ApiDay, ApiDayOptional, IsDay } from './day';

const ApiOwnId = () =>
  ApiProperty({
    type: 'integer',
    minimum: 1,
    maximum: Number.MAX_SAFE_INTEGER,
    description: "the caller's own id: nobody sees another's records",
    example: 12,
  });
/** What the web client leaves empty, it leaves out. */
const EmptyIsLeftOut = () => Transform(({ value }: { value: unknown }) => (value === '' ? undefined : value));
const page = { min: 0, max: 2 ** 31 - 1 };
const size = LIMITS.recordPage;

export class ViewListDto {
  @ApiOwnId()
  @IsId()
  readonly memberId: number;

  @PageNumber(page)
  readonly page: number = page.min;

  @PageSize(size)
  readonly size: number = size.default;

  @ApiDayOptional("first day, in the member's zone; from the beginning when left out")
  @EmptyIsLeftOut()
  @IsOptional()
  @IsDay()
  readonly startDate?: string;

  @ApiDayOptional("last day, in the member's zone, the whole of it; until now when left out")
  @EmptyIsLeftOut()
  @IsOptional()
  @IsDay()
  readonly endDate?: string;

  @ApiPropertyOptional({
    type: 'string',
    pattern: '^createdDate(,(asc|desc))?$',
    default: 'createdDate,desc',
    description: 'by when the study was opened; anything that is not this field is newest first',
    example: 'createdDate,desc',
  })
  @Allow()
  readonly sort?: unknown;
}

export class ViewCalendarDto {
  @ApiOwnId()
  @IsId()
  readonly memberId: number;

  @ApiDay("first day, in the member's zone")
  @IsDay()
  readonly startDate: string;

  @ApiDay("last day, in the member's zone, the whole of it")
  @IsDay()
  readonly endDate: string;
}

export class RecordDto {
  @ApiStudyId()
  readonly studyId: number;

  @ApiStudyName()
  readonly name: string;

  @ApiTotalCycle()
  readonly totalCycle: number;

  @ApiTimePerCycle()
  readonly timePerCycle: number;

  @ApiOpenedAt()
  readonly createdDate: string;
}

export class PageInfoDto {
  @ApiProperty({ type: 'integer', minimum: 0, description: 'as it was asked for', example: 0 })
  readonly pageNum: number;

  @ApiProperty({ type: 'integer', minimum: 0, description: '0 when there is no record', example: 1 })
  readonly totalPages: number;
}

export class RecordPageDto {
  @ApiProperty({ type: [RecordDto], description: 'empty past the end' })
  readonly studyRecords: RecordDto[];

  @ApiProperty({ description: 'where in the list this is' })
  readonly pageInfo: PageInfoDto;
}

@ApiExtraModels(RecordDto)
export class RecordCalendarDto {
  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'array', items: { $ref: getSchemaPath(RecordDto) } },
    description: "the days that have records, in the member's zone, ascending",
    example: { '2026-03-03': [] },
  })
  readonly studyRecords: Readonly<Record<string, readonly RecordDto[]>>;
}

export function toRecordDto(row: RecordRow): RecordDto {
  return {
    studyId: row.id,
    name: row.name,
    totalCycle: row.total_cycle,
    timePerCycle: row.time_per_cycle,
    createdDate: row.created_at.toISOString(),
  };
}

export function toRecordPageDto({ rows, pageNum, totalPages }: Page): RecordPageDto {
  return { studyRecords: rows.map(toRecordDto), pageInfo: { pageNum, totalPages } };
}

/** Keys stay in the order of the days: none of them looks like a number. */
export function toCalendarDto(days: ReadonlyMap<string, readonly RecordRow[]>): RecordCalendarDto {
  return { studyRecords: Object.fromEntries([...days].map(([day, rows]) => [day, rows.map(toRecordDto)])) };
}
