import { ApiProperty } from '@nestjs/swagger';
import { IsId } from './validation';

/** `?studyId=` */
export class StudyIdDto {
  @ApiProperty({ type: 'integer', minimum: 1, example: 7 })
  @IsId()
  readonly studyId: number;
}
