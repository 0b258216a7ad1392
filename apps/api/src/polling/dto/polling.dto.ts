import { ApiProperty } from '@nestjs/swagger';
import { ParticipantDto } from '../../participants/dto/participant.dto';
import { PROGRESS_STEPS, STUDY_STEPS } from '../../studies/study.rules';

export class WaitingDto {
  @ApiProperty({ description: 'in the lobby, under way or over', enum: STUDY_STEPS, example: 'waiting' })
  readonly studyStep: string;

  @ApiProperty({
    type: [ParticipantDto],
    description: 'in the order of joining; empty while there is no host',
  })
  readonly participants: readonly ParticipantDto[];
}

export class ProgressDto {
  @ApiProperty({ description: 'the step as it is', enum: PROGRESS_STEPS, example: 'studying' })
  readonly progressStep: string;
}

export class SubmissionDto {
  @ApiProperty({ description: 'of the participant', maxLength: 100, example: '루나' })
  readonly nickname: string;

  @ApiProperty({ description: 'whether it is written', example: true })
  readonly submitted: boolean;
}

export class SubmittedDto {
  @ApiProperty({ type: [SubmissionDto], description: 'in the order of joining' })
  readonly status: readonly SubmissionDto[];
}
