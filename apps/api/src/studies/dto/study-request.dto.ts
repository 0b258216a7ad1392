import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { TIME_PER_CYCLE_MIN, TOTAL_CYCLE } from '@app/pomodoro';
import { IsOptional } from 'class-validator';
import { InvalidRequest } from '../../http/field-error';
import { LIMITS } from '../../http/limits';
import { fieldRule, IsId, IsTextOf, IsWholeNumber } from '../../http/validation';
import { StudyNameInvalid, TimePerCycleInvalid, TotalCycleInvalid } from '../studies.errors';

const ACCEPTED_AS_TEXT = 'A text of digits is accepted, too.';

/** The fields stand in the contract's order of checks: the first wrong one gives the error's code. */
export class OpenStudyDto {
  @ApiProperty({
    description: 'UTF-16 units; blanks allowed',
    minLength: LIMITS.studyName.min,
    maxLength: LIMITS.studyName.max,
    example: '알고리즘',
  })
  @IsTextOf(LIMITS.studyName, StudyNameInvalid)
  readonly name: string;

  @ApiProperty({
    type: 'integer',
    description: `Cycles to plan. ${ACCEPTED_AS_TEXT}`,
    minimum: TOTAL_CYCLE.min,
    maximum: TOTAL_CYCLE.max,
    example: 2,
  })
  @IsWholeNumber(TOTAL_CYCLE, TotalCycleInvalid)
  readonly totalCycle: number;

  @ApiProperty({
    type: 'integer',
    description: `Study time of one cycle, in minutes. ${ACCEPTED_AS_TEXT}`,
    minimum: TIME_PER_CYCLE_MIN.min,
    maximum: TIME_PER_CYCLE_MIN.max,
    example: 25,
  })
  @IsWholeNumber(TIME_PER_CYCLE_MIN, TimePerCycleInvalid)
  readonly timePerCycle: number;
}

export class ListStudiesDto {
  @ApiPropertyOptional({
    description:
      'Finds the one study with this code and lets the caller join it for a day. Case and blanks around do not matter.',
    pattern: '^\\s*[A-Za-z]{6}\\s*$',
    example: 'QWERTY',
  })
  @IsOptional()
  @fieldRule('isText', 'must be one text', InvalidRequest, (value) => typeof value === 'string')
  readonly participantCode?: string;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    maximum: Number.MAX_SAFE_INTEGER,
    description: "the caller's own id: nobody sees another's studies",
    example: 12,
  })
  @IsOptional()
  @IsId()
  readonly memberId?: number;
}
