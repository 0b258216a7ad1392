import { Global, Module } from '@nestjs/common';
import { PrometheusModule } from '@willsoto/nestjs-prometheus';
import { NestLogger } from './nest-logger';
import { MetricsController } from './metrics.controller';
import { METRICS } from './metrics.providers';
import { StudyMetrics } from './study-metrics';

@Global()
@Module({
  imports: [PrometheusModule.register({ controller: MetricsController, global: true })],
  providers: [...METRICS, StudyMetrics, NestLogger],
  exports: [...METRICS, StudyMetrics, NestLogger],
})
export class ObservabilityModule {}
