import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { TIME_PER_CYCLE_MIN, TOTAL_CYCLE } from '@app/pomodoro';
import { ValidateIf } from 'class-validator';
import { LIMITS } from '../../http/limits';
import { IsPlainText } from '../../http/plain-text';
import { IsWholeNumber, UNKNOWN_FIELDS_REFUSED } from '../../http/validation';
import { NicknameInvalid } from '../../participants/participants.errors';
import { StudyNameInvalid, TimePerCycleInvalid, TotalCycleInvalid } from '../../studies/studies.errors';
import { PROGRESS_STEPS } from '../../studies/study.rules';

const isGiven = (field: keyof OpenSoloStudyDto) =>
  ValidateIf((body: OpenSoloStudyDto) => body[field] !== undefined);
const CYCLES = {
  type: 'integer',
  description: 'cycles to plan',
  minimum: TOTAL_CYCLE.min,
  maximum: TOTAL_CYCLE.max,
} as const;
const MINUTES = {
  type: 'integer',
  description: 'study time of one cycle, in minutes',
  minimum: TIME_PER_CYCLE_MIN.min,
  maximum: TIME_PER_CYCLE_MIN.max,
} as const;
const TEXT =
  'characters as people count them (grapheme clusters); blanks around are cut off, control characters refused';

/** The fields stand in the order of checks of the contract's `POST /studies`. */
export class OpenSoloStudyDto {
  static readonly [UNKNOWN_FIELDS_REFUSED] = true;

  @ApiPropertyOptional({
    description: TEXT,
    minLength: LIMITS.studyName.min,
    maxLength: LIMITS.studyName.max,
    default: '혼자 공부',
    example: '알고리즘',
  })
  @isGiven('name')
  @IsPlainText(LIMITS.studyName, StudyNameInvalid)
  readonly name?: string;

  @ApiProperty({ ...CYCLES, example: 2 })
  @IsWholeNumber(TOTAL_CYCLE, TotalCycleInvalid)
  readonly totalCycle: number;

  @ApiProperty({ ...MINUTES, example: 25 })
  @IsWholeNumber(TIME_PER_CYCLE_MIN, TimePerCycleInvalid)
  readonly timePerCycle: number;

  @ApiPropertyOptional({
    description: `${TEXT}; that of the member's profile when left out, else the name`,
    minLength: LIMITS.nickname.min,
    maxLength: LIMITS.nickname.max,
    example: '루나',
  })
  @isGiven('nickname')
  @IsPlainText(LIMITS.nickname, NicknameInvalid)
  readonly nickname?: string;
}

export class SoloStudyDto {
  @ApiProperty({ type: 'integer', description: 'id of the study', minimum: 1, example: 7 })
  readonly studyId: number;

  @ApiProperty({ type: 'integer', minimum: 1, description: 'the caller in this study', example: 31 })
  readonly participantId: number;

  @ApiProperty({ description: 'name of the study', maxLength: 100, example: '혼자 공부' })
  readonly name: string;

  @ApiProperty({ description: 'of the caller in this study', maxLength: 100, example: 'guest' })
  readonly nickname: string;

  @ApiProperty({ ...CYCLES, example: 2 })
  readonly totalCycle: number;

  @ApiProperty({ ...MINUTES, example: 25 })
  readonly timePerCycle: number;

  @ApiProperty({ description: 'the step that it is in', enum: PROGRESS_STEPS, example: 'planning' })
  readonly step: string;

  @ApiProperty({ type: 'integer', description: 'counted from 1', minimum: 1, example: 1 })
  readonly cycle: number;

  @ApiProperty({
    description: 'when the step began',
    format: 'date-time',
    example: '2026-03-03T06:46:48.123Z',
  })
  readonly stepStartedAt: string;

  @ApiProperty({
    format: 'date-time',
    description: "when the step's time is over",
    example: '2026-03-03T06:56:48.123Z',
  })
  readonly stepEndsAt: string;

  @ApiProperty({ format: 'date-time', description: 'the present', example: '2026-03-03T06:46:48.130Z' })
  readonly serverNow: string;
}
