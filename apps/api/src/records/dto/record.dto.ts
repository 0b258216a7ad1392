import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { ValidateIf } from 'class-validator';
import { InvalidRequest } from '../../http/field-error';
import { LIMITS } from '../../http/limits';
import { fieldRule, IsWholeNumber, UNKNOWN_FIELDS_REFUSED } from '../../http/validation';
import { PROGRESS_STEPS, toProgressStep } from '../../studies/study.rules';
import { readCursor, type Place } from '../record-cursor';
import type { DetailedRow } from '../record-queries';
import {
  ApiOpenedAt,
  ApiStudyId,
  ApiStudyName,
  ApiTimePerCycle,
  ApiTotalCycle,
} from '../../studies/dto/study-fields';
import { ApiDayOptional, IsDay } from './day';

const isGiven = (field: keyof ListRecordsDto) =>
  ValidateIf((query: ListRecordsDto) => query[field] !== undefined);
const isPlace = (value: unknown) => typeof value === 'object' && value !== null && 'studyId' in value;

export class ListRecordsDto {
  static readonly [UNKNOWN_FIELDS_REFUSED] = true;

  @ApiDayOptional("first day, in the member's zone; from the beginning when left out")
  @isGiven('from')
  @IsDay()
  readonly from?: string;

  @ApiDayOptional("last day, in the member's zone, the whole of it; until now when left out")
  @isGiven('to')
  @IsDay()
  readonly to?: string;

  @ApiPropertyOptional({
    type: 'string',
    minLength: 4,
    maxLength: 40,
    description: '`nextCursor` of the page before, unchanged; the newest records when left out',
    example: 'MTc5NTE4NTkzNjAwMC43',
  })
  @isGiven('cursor')
  @Transform(({ value }: { value: unknown }) =>
    value === undefined ? undefined : (readCursor(value) ?? value),
  )
  @fieldRule('isCursor', 'must be the nextCursor of another page', InvalidRequest, isPlace)
  readonly cursor?: Place;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: LIMITS.page.min,
    maximum: LIMITS.page.max,
    default: LIMITS.page.default,
    description: 'records on a page',
    example: 20,
  })
  @IsWholeNumber(LIMITS.page)
  readonly limit: number = LIMITS.page.default;
}

export class DetailedRecordDto {
  @ApiStudyId()
  readonly studyId: number;

  @ApiStudyName()
  readonly name: string;

  @ApiProperty({ description: 'of the caller in this study', maxLength: 100, example: '루나' })
  readonly nickname: string;

  @ApiTotalCycle()
  readonly totalCycle: number;

  @ApiTimePerCycle()
  readonly timePerCycle: number;

  @ApiProperty({
    description: 'the step that the study is in',
    enum: PROGRESS_STEPS.filter((step) => step !== 'waiting'),
    example: 'done',
  })
  readonly step: string;

  @ApiProperty({
    type: 'integer',
    minimum: 0,
    description: 'cycles whose study time is over',
    example: 2,
  })
  readonly cyclesStudied: number;

  @ApiProperty({ type: 'integer', minimum: 0, description: 'plans that the caller wrote', example: 2 })
  readonly plans: number;

  @ApiProperty({ type: 'integer', minimum: 0, description: 'retrospects that the caller wrote', example: 1 })
  readonly retrospects: number;

  @ApiOpenedAt()
  readonly createdAt: string;
}

export class DetailedRecordsDto {
  @ApiProperty({ type: [DetailedRecordDto], description: 'newest first' })
  readonly items: DetailedRecordDto[];

  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'leads to the next page; `null` on the last one',
    example: null,
  })
  readonly nextCursor: string | null;
}

export function toDetailedRecordDto(row: DetailedRow): DetailedRecordDto {
  return {
    studyId: row.id,
    name: row.name,
    nickname: row.nickname,
    totalCycle: row.total_cycle,
    timePerCycle: row.time_per_cycle,
    step: toProgressStep(row.step),
    cyclesStudied: row.cycles_studied,
    plans: row.plans,
    retrospects: row.retrospects,
    createdAt: row.created_at.toISOString(),
  };
}
