import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional } from 'class-validator';
import { LIMITS } from '../../http/limits';
import { IsId, IsWholeNumber, UNKNOWN_FIELDS_REFUSED } from '../../http/validation';
import type { AuditRow } from '../audit-row';

const { min, max, default: usual } = LIMITS.page;

export class AuditQueryDto {
  static readonly [UNKNOWN_FIELDS_REFUSED] = true;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    maximum: Number.MAX_SAFE_INTEGER,
    description: '`nextCursor` of the page before; none: the newest',
    example: 4711,
  })
  @IsOptional()
  @IsId()
  readonly cursor?: number;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: min,
    maximum: max,
    default: usual,
    description: 'lines of one page',
    example: usual,
  })
  @IsOptional()
  @IsWholeNumber({ min, max })
  readonly limit?: number;
}

export class AuditLineDto {
  @ApiProperty({ type: 'integer', minimum: 1, description: 'id of the line; grows', example: 4712 })
  readonly id: number;

  @ApiProperty({ description: 'when', format: 'date-time', example: '2026-03-03T06:46:48.123Z' })
  readonly at: string;

  @ApiProperty({ description: 'who: the account', example: 'root' })
  readonly account: string;

  @ApiProperty({
    description: `what: method and address as they were sent, cut after ${LIMITS.auditedRequest} characters`,
    example: 'GET /api/admin/studies/7/contents?page=0&size=10',
  })
  readonly request: string;

  @ApiProperty({ description: 'from where: IP address', example: '203.0.113.7' })
  readonly address: string;
}

export class AuditPageDto {
  @ApiProperty({ type: [AuditLineDto], description: 'newest first' })
  readonly items: AuditLineDto[];

  @ApiProperty({
    type: 'string',
    nullable: true,
    description: '`cursor` of the next page; `null` on the last one',
    example: '4693',
  })
  readonly nextCursor: string | null;
}

/** @param rows one more than `limit`, if there is a next page */
export function toAuditPage(rows: readonly AuditRow[], limit: number): AuditPageDto {
  const items = rows.slice(0, limit).map(({ id, at, account, request, address }) => {
    return { id, at: at.toISOString(), account, request, address };
  });
  const last = items.at(-1);
  return { items, nextCursor: rows.length > limit && last !== undefined ? String(last.id) : null };
}
