import { Global, Module } from '@nestjs/common';
import { PrometheusModule } from '@willsoto/nestjs-prometheus';
import { MetricsController } from './metrics.controller';
import { METRICS } from './metrics.providers';
import { StudyMetrics } from './study-metrics';

@Global()
@Module({
  imports: [PrometheusModule.register({ controller: MetricsController, global: true })],
  providers: [...METRICS, StudyMetrics],
  exports: [...METRICS, StudyMetrics],
})
export class ObservabilityModule {}
