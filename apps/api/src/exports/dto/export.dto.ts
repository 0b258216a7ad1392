import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger';
import { PROGRESS_STEPS, toProgressStep } from '../../studies/study.rules';
import type { HeldAbout } from '../export-queries';
import type { ExportedStudy } from '../exported-study';

const ApiInstant = (description: string) =>
  ApiProperty({ format: 'date-time', description, example: '2026-03-03T06:46:48.123Z' });
const ApiNumber = (description: string, example: number) =>
  ApiProperty({ type: 'integer', minimum: 0, description, example });
const ApiText = (description: string, example: string, more: ApiPropertyOptions = {}) =>
  ApiProperty({ type: 'string', description, example, ...more });
const ApiAnswers = (description: string) =>
  ApiProperty({
    type: 'object',
    additionalProperties: { type: 'string' },
    description,
    example: { toDo: 'B-Tree 삭제 구현' },
  });

export class ExportedMemberDto {
  @ApiNumber('id of the caller', 12)
  readonly memberId: number;

  @ApiText('as the login provider says; `guest` for guests', 'guest')
  readonly name: string;

  @ApiText('what others see', '루나', { nullable: true })
  readonly nickname: string | null;

  @ApiText('verified by the login provider', 'luna@example.com', { nullable: true })
  readonly email: string | null;

  @ApiText('address of a picture', 'https://example.com/luna.png', { nullable: true })
  readonly imageUrl: string | null;

  @ApiText('how the member logs in', 'google')
  readonly loginType: string;

  @ApiText("where the member's days begin", 'Asia/Seoul')
  readonly timeZone: string;

  @ApiInstant('when the member came')
  readonly createdAt: string;
}

export class ExportedIdentityDto {
  @ApiText('the login provider', 'google')
  readonly provider: string;

  @ApiText('who the member is there', '110169484474386276334')
  readonly subject: string;

  @ApiText('what the provider said last', '루나', { nullable: true })
  readonly name: string | null;

  @ApiInstant('since when the member logs in there')
  readonly linkedAt: string;
}

export class ExportedSessionDto {
  @ApiText('what the device called itself', 'Mozilla/5.0', { nullable: true })
  readonly device: string | null;

  @ApiInstant('when it was logged in')
  readonly createdAt: string;

  @ApiInstant('when it was used last')
  readonly lastUsedAt: string;

  @ApiInstant('when its login ends')
  readonly expiresAt: string;
}

export class ExportedMilestoneDto {
  @ApiText('what the member did for the first time', 'first-study')
  readonly event: string;

  @ApiInstant('when that was')
  readonly at: string;
}

export class ExportedContentDto {
  @ApiNumber('counted from 1', 1)
  readonly cycle: number;

  @ApiAnswers('the plan, empty when it was not written')
  readonly plan: Readonly<Record<string, string>>;

  @ApiAnswers('the retrospect, empty when it was not written')
  readonly retrospect: Readonly<Record<string, string>>;
}

export class ExportedStudyDto {
  @ApiNumber('id of the study', 7)
  readonly studyId: number;

  @ApiText('of the study', '알고리즘')
  readonly name: string;

  @ApiProperty({ enum: PROGRESS_STEPS, description: 'the step that it is in', example: 'done' })
  readonly step: string;

  @ApiNumber('cycles planned', 2)
  readonly totalCycle: number;

  @ApiNumber('study time of one cycle, in minutes', 25)
  readonly timePerCycle: number;

  @ApiNumber('the cycle that it is in', 2)
  readonly currentCycle: number;

  @ApiInstant('when it was opened')
  readonly createdAt: string;

  @ApiText('of the caller in this study', '루나')
  readonly nickname: string;

  @ApiProperty({ description: 'whether the caller is its host', example: true })
  readonly isHost: boolean;

  @ApiInstant('when the caller joined')
  readonly joinedAt: string;

  @ApiProperty({ type: [ExportedContentDto], description: 'what the caller wrote, cycle by cycle' })
  readonly contents: readonly ExportedContentDto[];
}

export class ExportDto {
  @ApiInstant('when this was made')
  readonly exportedAt: string;

  @ApiProperty({ description: 'the profile' })
  readonly member: ExportedMemberDto;

  @ApiProperty({ type: [ExportedIdentityDto], description: 'where the caller logs in' })
  readonly identities: readonly ExportedIdentityDto[];

  @ApiProperty({ type: [ExportedSessionDto], description: 'devices that are logged in' })
  readonly sessions: readonly ExportedSessionDto[];

  @ApiProperty({
    type: 'string',
    format: 'date-time',
    nullable: true,
    description: 'since when there is a calendar feed; `null` without one',
    example: null,
  })
  readonly calendarFeedSince: string | null;

  @ApiProperty({ type: [ExportedMilestoneDto], description: "the caller's first steps, oldest first" })
  readonly milestones: readonly ExportedMilestoneDto[];

  @ApiProperty({ type: [ExportedStudyDto], description: 'every study that the caller joined, oldest first' })
  readonly studies: readonly ExportedStudyDto[];
}

export function toHeldDto(held: HeldAbout, now: Date): Omit<ExportDto, 'studies'> {
  const { member, identities, sessions, feeds, milestones } = held;
  return {
    exportedAt: now.toISOString(),
    member: {
      memberId: member.id,
      name: member.name,
      nickname: member.nickname,
      email: member.email,
      imageUrl: member.image_url,
      loginType: member.login_type,
      timeZone: member.time_zone,
      createdAt: member.created_at.toISOString(),
    },
    identities: identities.map(({ provider, subject, name, linked_at }) => ({
      provider,
      subject: subject.toString(),
      name,
      linkedAt: linked_at.toISOString(),
    })),
    sessions: sessions.map(({ device, created_at, last_used_at, expires_at }) => ({
      device,
      createdAt: created_at.toISOString(),
      lastUsedAt: last_used_at.toISOString(),
      expiresAt: expires_at.toISOString(),
    })),
    calendarFeedSince: feeds[0]?.created_at.toISOString() ?? null,
    milestones: milestones.map(({ event, at }) => ({ event, at: at.toISOString() })),
  };
}

export function toExportedStudyDto({ study, contents }: ExportedStudy): ExportedStudyDto {
  return {
    studyId: study.study_id,
    name: study.name,
    step: toProgressStep(study.step),
    totalCycle: study.total_cycle,
    timePerCycle: study.time_per_cycle,
    currentCycle: study.current_cycle,
    createdAt: study.created_at.toISOString(),
    nickname: study.nickname,
    isHost: study.is_host === 1,
    joinedAt: study.joined_at.toISOString(),
    contents,
  };
}
