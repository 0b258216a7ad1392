import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

export class FieldProblemDto {
  @ApiProperty({ description: 'name of the field; empty for the whole body', example: 'totalCycle' })
  readonly path: string;

  @ApiProperty({
    description: 'the rule that it broke, with the limit',
    example: 'must be a whole number from 1 to 8',
  })
  readonly reason: string;

  @ApiProperty({ type: 'integer', description: 'error code of this field', minimum: 1000, example: 1306 })
  readonly code: number;
}

export class CurrentStepDto {
  @ApiProperty({
    description: 'the step that it is in',
    enum: ['waiting', 'planning', 'studying', 'retrospect', 'done'],
    example: 'studying',
  })
  readonly step: string;

  @ApiProperty({ type: 'integer', description: 'cycle, counted from 1', minimum: 1, maximum: 8, example: 1 })
  readonly cycle: number;

  @ApiProperty({
    description: 'when the step began',
    format: 'date-time',
    example: '2026-03-03T06:46:48.123Z',
  })
  readonly stepStartedAt: string;
}

/** Every failure, as RFC 9457 says, with the contract's `code` and `message`. */
export class ProblemDto {
  @ApiProperty({ description: 'address of the description of this code', example: '/api/v2/error-code#1302' })
  readonly type: string;

  @ApiProperty({ description: 'name of the failure', example: 'Study not found' })
  readonly title: string;

  @ApiProperty({ type: 'integer', description: 'HTTP status', minimum: 400, maximum: 599, example: 404 })
  readonly status: number;

  @ApiProperty({
    description: 'what went wrong and what to do, for developers',
    example: 'No study has this id.',
  })
  readonly detail: string;

  @ApiProperty({
    type: 'integer',
    description: 'number to steer by; never reused',
    minimum: 1000,
    example: 1302,
  })
  readonly code: number;

  @ApiProperty({ description: 'Korean text to show to people', example: '해당하는 스터디가 없습니다.' })
  readonly message: string;

  @ApiPropertyOptional({ type: [FieldProblemDto], description: 'every wrong field, when fields are wrong' })
  readonly errors?: FieldProblemDto[];

  @ApiPropertyOptional({ type: CurrentStepDto, description: 'where the study stands, with code 1309' })
  readonly current?: CurrentStepDto;

  @ApiPropertyOptional({
    type: [String],
    enum: ['switch', 'merge'],
    isArray: true,
    description: "what can be done about another's identity, with code 1410",
    example: ['switch', 'merge'],
  })
  readonly choices?: readonly string[];

  @ApiPropertyOptional({
    description: 'to be sent back with the choice, with code 1410',
    example: 'V0q6fM1tC3mWbXw2nQ9yJr8sLk5pZ7aE4uHdGiTxOoY',
  })
  readonly confirmation?: string;
}
