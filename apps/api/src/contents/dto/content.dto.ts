import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsOptional } from 'class-validator';
import { InvalidRequest } from '../../http/field-error';
import { LIMITS } from '../../http/limits';
import { fieldRule, IsId, IsWholeNumber } from '../../http/validation';
import { ContentTooLong } from '../contents.errors';

const PLAN = {
  toDo: 'B-Tree 삭제 구현',
  completionCondition: '테스트 통과',
  expectedProbability: '',
  expectedDifficulty: '',
  whatCanYouDo: '',
};
const RETROSPECT = { doneAsExpected: '계획대로 끝냈다', experiencedDifficulty: '', lesson: '' };
const ID = { type: 'integer', minimum: 1, maximum: Number.MAX_SAFE_INTEGER } as const;
const ANSWERS = {
  type: 'object',
  additionalProperties: { type: 'string' },
  description: `question to answer, all texts; \`{}\` counts as not written; at most ${LIMITS.contentBytes} bytes as JSON`,
} as const;

export class ContentDto {
  @ApiProperty({ type: 'integer', description: 'counted from 1', minimum: 1, example: 1 })
  readonly cycle: number;

  @ApiProperty({ ...ANSWERS, example: PLAN })
  readonly plan: Readonly<Record<string, string>>;

  @ApiProperty({ ...ANSWERS, example: {} })
  readonly retrospect: Readonly<Record<string, string>>;
}

export class ContentsDto {
  @ApiProperty({ type: [ContentDto], description: 'by cycle' })
  readonly content: readonly ContentDto[];
}

export class ListContentsDto {
  @ApiProperty({
    ...ID,
    description: 'whose',
    example: 31,
  })
  @IsId()
  readonly participantId: number;

  @ApiPropertyOptional({
    type: 'integer',
    description: 'only this cycle; one that the study does not have gives an empty list',
    minimum: Number.MIN_SAFE_INTEGER,
    maximum: Number.MAX_SAFE_INTEGER,
    example: 1,
  })
  @IsOptional()
  @IsWholeNumber({ min: Number.MIN_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER })
  readonly cycle?: number;
}

export class WritePlanDto {
  @ApiProperty({ ...ID, description: "the caller's own participant", example: 31 })
  @IsId()
  readonly participantId: number;

  @ApiProperty({ ...ANSWERS, example: PLAN })
  @IsAnswers()
  readonly plan: Readonly<Record<string, string>>;
}

export class WriteRetrospectDto {
  @ApiProperty({ ...ID, description: "the caller's own participant", example: 31 })
  @IsId()
  readonly participantId: number;

  @ApiProperty({ ...ANSWERS, example: RETROSPECT })
  @IsAnswers()
  readonly retrospect: Readonly<Record<string, string>>;
}

/** An object of texts that fits its column. */
function IsAnswers(): PropertyDecorator {
  const shape = fieldRule('isAnswers', 'must be an object of texts', InvalidRequest, isAnswers);
  const size = fieldRule(
    'isShortEnough',
    `must be at most ${LIMITS.contentBytes} bytes long as JSON`,
    ContentTooLong,
    (value) => !isAnswers(value) || Buffer.byteLength(JSON.stringify(value)) <= LIMITS.contentBytes,
  );
  // class-transformer's own copy would lose the answer to a question called `toString`.
  const asSent = Transform(({ obj, key }: { obj: Record<string, unknown>; key: string }) => obj[key]);
  return (target, key) => {
    asSent(target, key);
    shape(target, key);
    size(target, key);
  };
}

function isAnswers(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.values(value).every((answer) => typeof answer === 'string');
}
