import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Allow, IsOptional } from 'class-validator';
import { LIMITS } from '../../http/limits';
import { IsId } from '../../http/validation';

export class ParticipantDto {
  @ApiProperty({ type: 'integer', description: 'id of the participant', minimum: 1, example: 31 })
  readonly participantId: number;

  @ApiProperty({ description: 'as it was given', maxLength: 100, example: '루나' })
  readonly nickname: string;

  @ApiProperty({ description: 'whether this participant moves the study on', example: true })
  readonly isHost: boolean;
}

export class ParticipantsDto {
  @ApiProperty({ type: [ParticipantDto], description: 'in the order of joining' })
  readonly participants: readonly ParticipantDto[];
}

export class OwnParticipantDto {
  @ApiProperty({
    type: [ParticipantDto],
    nullable: true,
    description: 'the caller alone; `null` for one who is not in the study',
  })
  readonly participants: readonly ParticipantDto[] | null;
}

export class ListParticipantsDto {
  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    maximum: Number.MAX_SAFE_INTEGER,
    description: "the caller's own id: then only the caller is listed",
    example: 12,
  })
  @IsOptional()
  @IsId()
  readonly memberId?: number;
}

export class JoinDto {
  @ApiProperty({
    type: 'integer',
    minimum: 1,
    maximum: Number.MAX_SAFE_INTEGER,
    description: "the caller's own id",
    example: 12,
  })
  @IsId()
  readonly memberId: number;

  /** Checked later than the rest: the contract looks at the study first. */
  @ApiProperty({
    type: 'string',
    description: 'UTF-16 units',
    minLength: LIMITS.nickname.min,
    maxLength: LIMITS.nickname.max,
    example: '루나',
  })
  @Allow()
  readonly nickname: unknown;
}
