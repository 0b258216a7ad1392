import { ApiProperty } from '@nestjs/swagger';
import { IsWholeNumber, UNKNOWN_FIELDS_REFUSED } from '../../http/validation';

const RATE_PER_S = { min: 1, max: 100_000 };
const DEADLINE_MS = { min: 0, max: 3_600_000 };

export class DrainRequestDto {
  static readonly [UNKNOWN_FIELDS_REFUSED] = true;

  @ApiProperty({
    type: 'integer',
    description: 'websockets closed each second, on average; the pauses between them vary',
    minimum: RATE_PER_S.min,
    maximum: RATE_PER_S.max,
    example: 100,
  })
  @IsWholeNumber(RATE_PER_S)
  readonly ratePerS: number;

  @ApiProperty({
    type: 'integer',
    description: 'after so many ms those that are left are closed at once',
    minimum: DEADLINE_MS.min,
    maximum: DEADLINE_MS.max,
    example: 30_000,
  })
  @IsWholeNumber(DEADLINE_MS)
  readonly deadlineMs: number;
}

export class BusyDto {
  @ApiProperty({
    type: 'integer',
    description: 'requests under way, this one not counted',
    minimum: 0,
    example: 3,
  })
  readonly inFlight: number;

  @ApiProperty({ type: 'integer', description: 'open websockets', minimum: 0, example: 12 })
  readonly sockets: number;
}
