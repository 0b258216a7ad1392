import { ApiProperty } from '@nestjs/swagger';
import type { ContentRow, ListPage } from '../rows';

const ANSWERS = {
  type: 'object',
  additionalProperties: { type: 'string' },
  description: 'question to answer, all texts; `{}`: not written',
  example: { toDo: 'B-Tree 삭제 구현' },
} as const;

type Answers = Readonly<Record<string, string>>;

export class ListedContentDto {
  @ApiProperty({ type: 'integer', minimum: 1, description: 'id of the content', example: 61 })
  readonly id: number;

  @ApiProperty({ type: 'integer', minimum: 1, description: 'whose', example: 31 })
  readonly participantId: number;

  @ApiProperty({ type: 'integer', minimum: 1, description: 'counted from 1', example: 1 })
  readonly cycle: number;

  @ApiProperty(ANSWERS)
  readonly plan: Answers;

  @ApiProperty(ANSWERS)
  readonly retrospect: Answers;
}

export class ContentListDto {
  @ApiProperty({ type: 'integer', minimum: 0, description: 'pages in all', example: 1 })
  readonly totalPage: number;

  @ApiProperty({ type: [ListedContentDto], description: 'by id' })
  readonly data: ListedContentDto[];
}

export class StudyContentListDto {
  @ApiProperty({ type: 'integer', minimum: 1, description: 'id of the study', example: 7 })
  readonly studyId: number;

  @ApiProperty({ description: 'name of the study', example: '알고리즘' })
  readonly studyName: string;

  @ApiProperty({ type: 'integer', minimum: 0, description: 'pages in all', example: 1 })
  readonly totalPage: number;

  @ApiProperty({ type: [ListedContentDto], description: 'by id' })
  readonly contents: ListedContentDto[];
}

export function toContentList({ totalPage, rows }: ListPage<ContentRow>): ContentListDto {
  return { totalPage, data: rows.map(toContent) };
}

export function toStudyContentList(
  studyId: number,
  { name, totalPage, rows }: ListPage<ContentRow> & { readonly name: string },
): StudyContentListDto {
  return { studyId, studyName: name, totalPage, contents: rows.map(toContent) };
}

function toContent({ id, participant_id, cycle, plan, retrospect }: ContentRow): ListedContentDto {
  const answers = (text: string | null) => (text === null ? {} : (JSON.parse(text) as Answers));
  return { id, participantId: participant_id, cycle, plan: answers(plan), retrospect: answers(retrospect) };
}
