import { ApiProperty } from '@nestjs/swagger';

export class SessionDto {
  @ApiProperty({
    description: 'names the login and allows nothing else',
    example: '6f1cmlJ9Tx-fUg-PXx0sOw',
    pattern: '^[A-Za-z0-9_-]{22}$',
  })
  readonly sessionId: string;

  @ApiProperty({
    description: 'what the device called itself when it logged in (`User-Agent`)',
    type: String,
    nullable: true,
    example: 'Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0',
  })
  readonly device: string | null;

  @ApiProperty({
    description: 'when it logged in',
    type: String,
    format: 'date-time',
    example: '2026-03-03T06:46:48.123Z',
  })
  readonly createdAt: Date;

  @ApiProperty({
    description: 'when it last got an access token',
    type: String,
    format: 'date-time',
    example: '2026-03-04T11:02:10.004Z',
  })
  readonly lastUsedAt: Date;

  @ApiProperty({ description: 'whether it is the one that asks', example: true })
  readonly isCurrent: boolean;
}

export class SessionsDto {
  @ApiProperty({ description: 'the one used last first', type: [SessionDto] })
  readonly sessions: readonly SessionDto[];
}
