import { ApiProperty } from '@nestjs/swagger';
import { STEPS } from '@app/pomodoro';
import {
  ApiOpenedAt,
  ApiStudyId,
  ApiStudyName,
  ApiTimePerCycle,
  ApiTotalCycle,
} from '../../studies/dto/study-fields';
import type { CodeRow, ListPage, ParticipantRow, StudyListRow } from '../rows';

/** The old client's tables have a column for each field, in this order: no field may be added. */
export class ListedStudyDto {
  @ApiStudyId()
  readonly id: number;

  @ApiStudyName()
  readonly name: string;

  @ApiTotalCycle()
  readonly totalCycle: number;

  @ApiTimePerCycle()
  readonly timePerCycle: number;

  @ApiProperty({ type: 'integer', minimum: 1, description: 'counted from 1', example: 1 })
  readonly currentCycle: number;

  @ApiProperty({ enum: STEPS, description: 'where it stands', example: 'STUDYING' })
  readonly step: string;

  @ApiOpenedAt()
  readonly createdDate: string;

  @ApiProperty({
    description: 'when its step began',
    format: 'date-time',
    example: '2026-03-03T06:47:02.500Z',
  })
  readonly lastModifiedDate: string;
}

export class StudyListDto {
  @ApiProperty({ type: 'integer', minimum: 0, description: 'pages in all', example: 1 })
  readonly totalPage: number;

  @ApiProperty({ type: [ListedStudyDto], description: 'by id' })
  readonly data: ListedStudyDto[];
}

export class ListedParticipantDto {
  @ApiProperty({ type: 'integer', minimum: 1, description: 'id of the participant', example: 31 })
  readonly id: number;

  @ApiProperty({ type: 'integer', minimum: 1, description: 'the study', example: 7 })
  readonly studyId: number;

  @ApiProperty({ type: 'integer', minimum: 1, description: 'the member', example: 12 })
  readonly memberId: number;

  @ApiProperty({ description: 'name in this study', example: '루나' })
  readonly nickname: string;

  @ApiProperty({ description: 'whether they may move the study on', example: true })
  readonly isHost: boolean;
}

export class ParticipantListDto {
  @ApiProperty({ type: 'integer', minimum: 0, description: 'pages in all', example: 1 })
  readonly totalPage: number;

  @ApiProperty({ type: [ListedParticipantDto], description: 'by id' })
  readonly data: ListedParticipantDto[];
}

export class ListedCodeDto {
  @ApiProperty({ type: 'integer', minimum: 1, description: "id of the code: its study's", example: 7 })
  readonly id: number;

  @ApiProperty({ type: 'integer', minimum: 1, description: 'the study that it opens', example: 7 })
  readonly studyId: number;

  @ApiProperty({ description: 'six capital letters', pattern: '^[A-Z]{6}$', example: 'QWERTY' })
  readonly code: string;
}

export class CodeListDto {
  @ApiProperty({ type: 'integer', minimum: 0, description: 'pages in all', example: 1 })
  readonly totalPage: number;

  @ApiProperty({ type: [ListedCodeDto], description: 'by study' })
  readonly data: ListedCodeDto[];
}

export function toStudyList({ totalPage, rows }: ListPage<StudyListRow>): StudyListDto {
  const data = rows.map((row) => ({
    id: row.id,
    name: row.name,
    totalCycle: row.total_cycle,
    timePerCycle: row.time_per_cycle,
    currentCycle: row.current_cycle,
    step: row.step,
    createdDate: row.created_at.toISOString(),
    lastModifiedDate: row.step_started_at.toISOString(),
  }));
  return { totalPage, data };
}

export function toParticipantList({ totalPage, rows }: ListPage<ParticipantRow>): ParticipantListDto {
  const data = rows.map(({ id, study_id, member_id, nickname, is_host }) => {
    return { id, studyId: study_id, memberId: member_id, nickname, isHost: is_host === 1 };
  });
  return { totalPage, data };
}

export function toCodeList({ totalPage, rows }: ListPage<CodeRow>): CodeListDto {
  return { totalPage, data: rows.map(({ study_id, code }) => ({ id: study_id, studyId: study_id, code })) };
}
