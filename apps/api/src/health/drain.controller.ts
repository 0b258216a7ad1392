import { Controller, HttpCode, Post, UseGuards } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Public } from '../auth/public.decorator';
import { Describe } from '../http/describe';
import { RouteNotFound, ServiceUnavailable } from '../http/http.errors';
import { REQUEST_BODY_ERRORS } from '../http/request-errors';
import { CheckedBody } from '../http/validation';
import { Drain } from './drain';
import { BusyDto, DrainRequestDto } from './dto/drain.dto';
import { OperatorGuard } from './operator.guard';

@ApiTags('operations')
@Public()
@UseGuards(OperatorGuard)
@Controller('drain')
export class DrainController {
  constructor(private readonly drain: Drain) {}

  @Post()
  @HttpCode(202)
  @Describe({
    summary: 'Lets the open websockets go, one after another',
    description:
      'For the deployer, over the own address of the process: a unix socket, or loopback. Through a proxy it is not there. ' +
      'Requests and new websockets are served as before; `GET /health/live` tells how many are left.',
    success: { status: 202, description: 'begun; what is open now', type: BusyDto },
    errors: [...REQUEST_BODY_ERRORS, RouteNotFound],
    never: [ServiceUnavailable],
  })
  letGo(@CheckedBody() pace: DrainRequestDto): BusyDto {
    this.drain.letGo(pace);
    return { inFlight: this.drain.inFlight - 1, sockets: this.drain.sockets };
  }
}
