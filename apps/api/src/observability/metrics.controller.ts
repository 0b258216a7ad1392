import { Controller, Get, Res } from '@nestjs/common';
import { ApiProduces, ApiTags } from '@nestjs/swagger';
import { InjectMetric, PrometheusController } from '@willsoto/nestjs-prometheus';
import { DatabaseHealth, isDatabaseUnreachable, Statements } from '@app/database';
import type { Gauge } from 'prom-client';
import { Public } from '../auth/public.decorator';
import { Describe } from '../http/describe';
import { NoAnswerInTime, withinTime } from '../health/within-time';
import { fillGauges, GAUGE_NAMES } from './metrics.providers';

/** Whoever scrapes waits a few seconds at most; the process's own metrics are worth more than the count of studies. */
const DATABASE_TIMEOUT_MS = 1_000;

@ApiTags('operations')
@Controller('metrics')
export class MetricsController extends PrometheusController {
  constructor(
    private readonly health: DatabaseHealth,
    private readonly statements: Statements,
    @InjectMetric(GAUGE_NAMES.pool) private readonly pool: Gauge,
    @InjectMetric(GAUGE_NAMES.studies) private readonly studies: Gauge,
    @InjectMetric(GAUGE_NAMES.heapLimit) private readonly heapLimit: Gauge,
  ) {
    super();
  }

  @Get()
  @Public()
  @ApiProduces('text/plain')
  @Describe({
    summary: 'Tells the metrics of this process',
    description: 'Prometheus text format. Not for the public: nginx keeps it inside.',
    success: { status: 200, description: 'the metrics', type: String, contentType: 'text/plain' },
  })
  override async index(
    @Res({ passthrough: true }) reply: { header(name: string, value: string): unknown },
  ): Promise<string> {
    await this.fill();
    return super.index(reply);
  }

  /** A database that is away, or busy, must not hide the metrics that show it. */
  private async fill(): Promise<void> {
    const { pool, studies, heapLimit } = this;
    try {
      await withinTime(
        fillGauges({ pool, studies, heapLimit }, this.health, this.statements),
        DATABASE_TIMEOUT_MS,
      );
    } catch (error) {
      if (!isDatabaseUnreachable(error) && !(error instanceof NoAnswerInTime)) throw error;
      this.studies.reset();
    }
  }
}
