import { ApiProperty } from '@nestjs/swagger';
import { ValidateBy, type ValidationArguments } from 'class-validator';
import { InvalidRequest } from '../../http/field-error';
import { LIMITS } from '../../http/limits';
import { UNKNOWN_FIELDS_REFUSED } from '../../http/validation';
import { isDay } from '../../days/days';
import { ApiDay, IsDay } from '../../records/dto/day';
import { countDays } from '../calendar';

export class FunnelQueryDto {
  static readonly [UNKNOWN_FIELDS_REFUSED] = true;

  @ApiDay('first day, in Seoul')
  @IsDay()
  readonly from: string;

  @ApiDay(`last day, in Seoul, the whole of it; at most ${LIMITS.funnelDays} days with the first`)
  @IsDay()
  @IsLastDay()
  readonly to: string;
}

/** The last day of a span that begins with `from`. What is no day at all is another rule's business. */
function IsLastDay(): PropertyDecorator {
  const reason = `must be the first day or one after it, at most ${LIMITS.funnelDays} days with the first`;
  const validate = (to: unknown, asked?: ValidationArguments) => {
    const { from } = (asked?.object ?? {}) as Partial<FunnelQueryDto>;
    if (!isDay(from) || !isDay(to)) return true;
    const days = countDays(from, to);
    return days >= 1 && days <= LIMITS.funnelDays;
  };
  return ValidateBy(
    { name: 'isLastDay', validator: { validate, defaultMessage: () => reason } },
    { context: { error: InvalidRequest } },
  );
}

export class ByEntryDto {
  @ApiProperty({ type: 'integer', minimum: 0, description: 'in a study that one began alone', example: 11 })
  readonly solo: number;

  @ApiProperty({ type: 'integer', minimum: 0, description: 'in a study that several began', example: 3 })
  readonly group: number;
}

export class FunnelDto {
  @ApiProperty({
    type: 'integer',
    minimum: 0,
    description: 'members who signed up, guests and those who left since then too',
    example: 80,
  })
  readonly signedUp: number;

  @ApiProperty({ type: ByEntryDto, description: 'members whose first study began' })
  readonly firstStudy: ByEntryDto;

  @ApiProperty({ type: ByEntryDto, description: 'members who came to the end of a cycle for the first time' })
  readonly firstFinishedCycle: ByEntryDto;
}

export class FunnelDayDto extends FunnelDto {
  @ApiProperty({ format: 'date', description: 'day in Seoul', example: '2026-03-03' })
  readonly day: string;
}

export class FunnelViewDto {
  @ApiProperty({ type: [FunnelDayDto], description: 'every day of the span' })
  readonly days: readonly FunnelDayDto[];

  @ApiProperty({ type: FunnelDto, description: 'of all these days together' })
  readonly totals: FunnelDto;
}
