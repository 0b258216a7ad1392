import { ApiProperty } from '@nestjs/swagger';
import { IsId } from './validation';

/** `?studyId=` */
export class StudyIdDto {
  @ApiProperty({
    type: 'integer',
    description: 'the study',
    minimum: 1,
    maximum: Number.MAX_SAFE_INTEGER,
    example: 7,
  })
  @IsId()
  readonly studyId: number;
}
