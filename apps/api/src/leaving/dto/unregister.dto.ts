import { ApiProperty } from '@nestjs/swagger';
import { LIMITS } from '../../http/limits';
import { IsReason } from '../reason';

export class UnregisterDto {
  @ApiProperty({
    description:
      'why, in characters as people count them (grapheme clusters); blanks around are cut off. Kept without a name: ' +
      'do not put one into it',
    minLength: LIMITS.unregisterReason.min,
    maxLength: LIMITS.unregisterReason.max,
    example: '공부를 다 끝냈어요.',
  })
  @IsReason()
  readonly reason: string;
}
