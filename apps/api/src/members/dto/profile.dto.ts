import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ValidateIf } from 'class-validator';
import { LIMITS } from '../../http/limits';
import { IsPlainText } from '../../http/plain-text';
import { UNKNOWN_FIELDS_REFUSED } from '../../http/validation';
import { NicknameInvalid } from '../../participants/participants.errors';
import { MemberNameInvalid } from '../members.errors';
import { IsTimeZone } from '../time-zone';
import { MemberDto } from './member.dto';

const isGiven = (field: keyof ChangeProfileDto) =>
  ValidateIf((body: ChangeProfileDto) => body[field] !== undefined);
const TEXT =
  'characters as people count them (grapheme clusters); blanks around are cut off, control characters refused';
const TIME_ZONE = 'IANA name of the time zone in which the days of the member begin and end';

export class ProfileDto extends MemberDto {
  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'what others see in a study that asks for no other; `null`: the name, as far as it fits',
    example: '루나',
  })
  readonly nickname: string | null;

  @ApiProperty({ description: TIME_ZONE, maxLength: LIMITS.timeZone.max, example: 'Asia/Seoul' })
  readonly timeZone: string;
}

/** What is left out stays as it is. */
export class ChangeProfileDto {
  static readonly [UNKNOWN_FIELDS_REFUSED] = true;

  @ApiPropertyOptional({
    description: `${TEXT}; a name that is chosen here is not replaced by a later login`,
    minLength: LIMITS.memberName.min,
    maxLength: LIMITS.memberName.max,
    example: '김루나',
  })
  @isGiven('name')
  @IsPlainText(LIMITS.memberName, MemberNameInvalid)
  readonly name?: string;

  @ApiPropertyOptional({
    type: 'string',
    nullable: true,
    description: `${TEXT}; \`null\` takes it away`,
    minLength: LIMITS.nickname.min,
    maxLength: LIMITS.nickname.max,
    example: '루나',
  })
  @ValidateIf(({ nickname }: ChangeProfileDto) => nickname !== undefined && nickname !== null)
  @IsPlainText(LIMITS.nickname, NicknameInvalid)
  readonly nickname?: string | null;

  @ApiPropertyOptional({
    description: `${TIME_ZONE}, in any case or an alias; stored in its canonical spelling`,
    minLength: LIMITS.timeZone.min,
    maxLength: LIMITS.timeZone.max,
    example: 'Asia/Seoul',
  })
  @isGiven('timeZone')
  @IsTimeZone()
  readonly timeZone?: string;
}
