import { Injectable } from '@nestjs/common';
import { InjectMetric } from '@willsoto/nestjs-prometheus';
import type { Step } from '@app/pomodoro';
import type { Counter } from 'prom-client';

export const STEP_CHANGES = 'haru_study_step_changes_total';
export const SIGN_UPS = 'haru_members_signed_up_total';
export const FIRST_STUDIES = 'haru_first_studies_total';
export const FIRST_FINISHED_CYCLES = 'haru_first_finished_cycles_total';

/** Counts what happens to studies, and how far members come. */
@Injectable()
export class StudyMetrics {
  constructor(
    @InjectMetric(STEP_CHANGES) private readonly changes: Counter,
    @InjectMetric(SIGN_UPS) private readonly signUps: Counter,
    @InjectMetric(FIRST_STUDIES) private readonly studies: Counter,
    @InjectMetric(FIRST_FINISHED_CYCLES) private readonly cycles: Counter,
  ) {}

  /** @param step the step that a study has come to */
  stepChanged(step: Step): void {
    this.changes.inc({ step });
  }

  memberSignedUp(): void {
    this.signUps.inc();
  }

  /** @param entry how the study was begun: `solo` or `group` @param members for how many it is their first */
  firstStudies(entry: string, members: number): void {
    this.studies.inc({ entry }, members);
  }

  /** @param entry how the study was begun: `solo` or `group` @param members for how many it is their first */
  firstFinishedCycles(entry: string, members: number): void {
    this.cycles.inc({ entry }, members);
  }
}
