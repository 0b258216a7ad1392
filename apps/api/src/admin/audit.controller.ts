import { Controller, Get } from '@nestjs/common';
import { LIMITS } from '../http/limits';
import { InvalidRequest } from '../http/field-error';
import { CheckedQuery } from '../http/validation';
import { AuditService } from './audit.service';
import { AuditPageDto, AuditQueryDto, toAuditPage } from './dto/audit.dto';
import { DescribeForAdmin, ForAdmins } from './for-admins';

@ForAdmins()
@Controller('api/admin/audit')
export class AuditController {
  constructor(private readonly audit: AuditService) {}

  @Get()
  @DescribeForAdmin({
    summary: 'Shows what administrators have asked for',
    description: 'Every login, logout and read, this one too; kept for a year.',
    success: { status: 200, description: 'a page of the trail', type: AuditPageDto },
    errors: [InvalidRequest],
  })
  async list(@CheckedQuery() { cursor, limit }: AuditQueryDto): Promise<AuditPageDto> {
    const lines = limit ?? LIMITS.page.default;
    const rows = await this.audit.readBefore(cursor ?? Number.MAX_SAFE_INTEGER, lines);
    return toAuditPage(rows, lines);
  }
}
