import { ApiProperty, ApiPropertyOptional, getSchemaPath, ApiExtraModels } from '@nestjs/swagger';

class IdentityDto {
  @ApiProperty({ description: 'release that the process runs', example: 'dev' })
  readonly release: string;

  @ApiProperty({
    description: 'side of a blue-green pair that the process is',
    enum: ['blue', 'green', 'standby', 'none'],
    example: 'blue',
  })
  readonly colour: string;

  @ApiProperty({ type: 'integer', description: 'process id', minimum: 1, example: 4711 })
  readonly pid: number;

  @ApiProperty({
    description: 'when the process began',
    format: 'date-time',
    example: '2026-03-03T06:46:48.123Z',
  })
  readonly startedAt: string;
}

export class LivenessDto extends IdentityDto {
  @ApiProperty({ description: 'that it answers', enum: ['alive'], example: 'alive' })
  readonly status: string;

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

export class CheckDto {
  @ApiProperty({ description: 'whether this part is well', example: true })
  readonly ok: boolean;

  @ApiPropertyOptional({ description: 'what is wrong', example: 'connect ECONNREFUSED 127.0.0.1:3306' })
  readonly reason?: string;
}

@ApiExtraModels(CheckDto)
export class ReadinessDto extends IdentityDto {
  @ApiProperty({ description: 'whether every part is well', enum: ['ready', 'not-ready'], example: 'ready' })
  readonly status: string;

  @ApiProperty({
    type: 'object',
    additionalProperties: { $ref: getSchemaPath(CheckDto) },
    description:
      'part to its state: `database`, `migrations`, `draining`, and `redis` where REDIS_URL is set',
    example: { database: { ok: true }, migrations: { ok: true }, draining: { ok: true } },
  })
  readonly checks: Readonly<Record<string, CheckDto>>;
}
