import { ApiProperty } from '@nestjs/swagger';
import { TIME_PER_CYCLE_MIN, TOTAL_CYCLE } from '@app/pomodoro';

/** Documents what every answer says of a study in the same words. */
export const ApiStudyId = () =>
  ApiProperty({ type: 'integer', description: 'id of the study', minimum: 1, example: 7 });

export const ApiStudyName = () =>
  ApiProperty({ description: 'name of the study', maxLength: 100, example: '알고리즘' });

export const ApiTotalCycle = () =>
  ApiProperty({
    type: 'integer',
    description: 'cycles planned',
    minimum: TOTAL_CYCLE.min,
    maximum: TOTAL_CYCLE.max,
    example: 2,
  });

export const ApiTimePerCycle = () =>
  ApiProperty({
    type: 'integer',
    description: 'study time of one cycle, in minutes',
    minimum: TIME_PER_CYCLE_MIN.min,
    maximum: TIME_PER_CYCLE_MIN.max,
    example: 25,
  });

export const ApiOpenedAt = () =>
  ApiProperty({
    format: 'date-time',
    description: 'when the study was opened',
    example: '2026-03-03T06:46:48.123Z',
  });
