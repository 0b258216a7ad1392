import { Controller, Get, Header, HttpStatus, Res } from '@nestjs/common';
import { ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Public } from '../auth/public.decorator';
import { Describe, HEADERS_OF_EVERY_ANSWER } from '../http/describe';
import { ServiceUnavailable } from '../http/http.errors';
import { LivenessDto, ReadinessDto } from './dto/health.dto';
import { Drain } from './drain';
import { HealthService } from './health.service';

@ApiTags('operations')
@Public()
@Controller('health')
export class HealthController {
  constructor(
    private readonly health: HealthService,
    private readonly drain: Drain,
  ) {}

  @Get('live')
  @Header('Cache-Control', 'no-store')
  @Describe({
    summary: 'Tells whether the process lives, and which one it is',
    success: { status: 200, description: 'alive', type: LivenessDto },
  })
  live(): LivenessDto {
    const { inFlight, sockets } = this.drain;
    return { status: 'alive', ...this.health.identity(), inFlight: inFlight - 1, sockets };
  }

  @Get('ready')
  @Header('Cache-Control', 'no-store')
  @ApiResponse({
    status: 503,
    description: 'not ready; `checks` says which part is wrong',
    headers: HEADERS_OF_EVERY_ANSWER,
    type: ReadinessDto,
  })
  @Describe({
    summary: 'Tells whether the process should be sent requests',
    description:
      'Ready: the database answers, every migration that this release needs is applied and none that is too new for it, and the process is not ending.',
    success: { status: 200, description: 'ready', type: ReadinessDto },
    never: [ServiceUnavailable],
  })
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<ReadinessDto> {
    const readiness = await this.health.readiness();
    if (readiness.status !== 'ready') void reply.status(HttpStatus.SERVICE_UNAVAILABLE);
    return readiness;
  }
}
