import { ApiPropertyOptional } from '@nestjs/swagger';
import { TOTAL_CYCLE } from '@app/pomodoro';
import { ValidateIf } from 'class-validator';
import { InvalidRequest } from '../../http/field-error';
import { fieldRule, IsWholeNumber } from '../../http/validation';
import { PROGRESS_STEPS, type ProgressStep } from '../../studies/study.rules';

const isGiven = (field: keyof NextStepDto) => ValidateIf((body: NextStepDto) => body[field] !== undefined);

export class NextStepDto {
  @ApiPropertyOptional({
    enum: PROGRESS_STEPS,
    description:
      'the step that the caller has seen, in the words of /progress; another one gives 409 and changes nothing',
    example: 'studying',
  })
  @isGiven('expectedStep')
  @fieldRule('isStep', `must be one of ${PROGRESS_STEPS.join(', ')}`, InvalidRequest, (value) =>
    PROGRESS_STEPS.includes(value as ProgressStep),
  )
  readonly expectedStep?: ProgressStep;

  @ApiPropertyOptional({
    type: 'integer',
    description: 'the cycle that the caller has seen, counted from 1',
    minimum: 1,
    maximum: TOTAL_CYCLE.max,
    example: 1,
  })
  @isGiven('expectedCycle')
  @IsWholeNumber(TOTAL_CYCLE)
  readonly expectedCycle?: number;
}
