import { ApiProperty } from '@nestjs/swagger';
import type { StudyRow } from '../study-queries';
import { PROGRESS_STEPS, STUDY_STEPS, toShownStep, toStudyStep } from '../study.rules';
import { ApiOpenedAt, ApiStudyId, ApiStudyName, ApiTimePerCycle, ApiTotalCycle } from './study-fields';

export class StudyDto {
  @ApiStudyId()
  readonly studyId: number;

  @ApiStudyName()
  readonly name: string;

  @ApiTotalCycle()
  readonly totalCycle: number;

  @ApiTimePerCycle()
  readonly timePerCycle: number;

  @ApiProperty({
    type: 'integer',
    description: 'counted from 1; stays at the last one when the study is over',
    minimum: 1,
    example: 1,
  })
  readonly currentCycle: number;

  @ApiProperty({ description: 'in the lobby, under way or over', enum: STUDY_STEPS, example: 'inProgress' })
  readonly studyStep: string;

  @ApiProperty({
    enum: PROGRESS_STEPS.filter((step) => step !== 'waiting' && step !== 'done'),
    description: 'a study that waits is shown as planning, one that is over as retrospect',
    example: 'planning',
  })
  readonly progressStep: string;

  @ApiOpenedAt()
  readonly createdDate: string;

  @ApiProperty({
    format: 'date-time',
    description: "when the current step began: the zero point of the client's timer",
    example: '2026-03-03T06:47:02.500Z',
  })
  readonly lastModifiedDate: string;
}

export class StudiesDto {
  @ApiProperty({ type: [StudyDto], description: 'oldest first; at most the newest 1,000' })
  readonly studies: StudyDto[];
}

export function toStudyDto(row: StudyRow): StudyDto {
  return {
    studyId: row.id,
    name: row.name,
    totalCycle: row.total_cycle,
    timePerCycle: row.time_per_cycle,
    currentCycle: row.current_cycle,
    studyStep: toStudyStep(row.step),
    progressStep: toShownStep(row.step),
    createdDate: row.created_at.toISOString(),
    lastModifiedDate: row.step_started_at.toISOString(),
  };
}
