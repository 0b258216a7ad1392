import { Controller, Get } from '@nestjs/common';
import { DescribeForAdmin, ForAdmins } from '../admin/for-admins';
import { InvalidRequest } from '../http/field-error';
import { CheckedQuery } from '../http/validation';
import { FunnelQueryDto, FunnelViewDto } from './dto/funnel.dto';
import { FunnelViewService } from './funnel-view.service';

@ForAdmins()
@Controller('api/admin/funnel')
export class FunnelController {
  constructor(private readonly funnel: FunnelViewService) {}

  @Get()
  @DescribeForAdmin({
    summary: 'Shows how far members come',
    description:
      'Signed up, began a first study, came to the end of a first cycle: each counts once for a member, on the day ' +
      'in Seoul when it happened, so that a day shows what happened on it, not what became of those who signed up on ' +
      'it. Solo is a study that began with one participant, whichever client opened it. The same numbers are ' +
      'counted in `/metrics`.',
    success: { status: 200, description: 'by day and in all', type: FunnelViewDto },
    errors: [InvalidRequest],
  })
  show(@CheckedQuery() { from, to }: FunnelQueryDto): Promise<FunnelViewDto> {
    return this.funnel.view(from, to);
  }
}
