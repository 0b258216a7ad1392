import { Injectable } from '@nestjs/common';
import { InjectMetric } from '@willsoto/nestjs-prometheus';
import type { Step } from '@app/pomodoro';
import type { Counter } from 'prom-client';

export const STEP_CHANGES = 'haru_study_step_changes_total';

/** Counts what happens to studies. */
@Injectable()
export class StudyMetrics {
  constructor(@InjectMetric(STEP_CHANGES) private readonly changes: Counter) {}

  /** @param step the step that a study has come to */
  stepChanged(step: Step): void {
    this.changes.inc({ step });
  }
}
