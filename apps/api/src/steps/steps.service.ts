import { Injectable } from '@nestjs/common';
import { Transactor } from '@app/database';
import { Clock } from '@app/kernel';
import { IdempotencyService } from '../idempotency/idempotency.service';
import type { KeyedRequest } from '../idempotency/keyed-request';
import { ParticipantsService } from '../participants/participants.service';
import { StudiesService, type LockedStudy } from '../studies/studies.service';
import { toProgressStep, type ProgressStep } from '../studies/study.rules';
import { StepHasChanged } from './steps.errors';

/** The state that the one who presses has seen; what is left out is not compared. */
export interface SeenStep {
  readonly expectedStep?: ProgressStep;
  readonly expectedCycle?: number;
}

@Injectable()
export class StepsService {
  constructor(
    private readonly transactor: Transactor,
    private readonly idempotency: IdempotencyService,
    private readonly studies: StudiesService,
    private readonly participants: ParticipantsService,
    private readonly clock: Clock,
  ) {}

  /**
   * Lets the host, and only the host, move a study on by one step. A study that is over stays as it is.
   *
   * @throws StudyNotFound; NotAParticipant; NotHost; StepHasChanged when the study is not where `seen` says
   */
  advance(callerId: number, studyId: number, seen: SeenStep, keyed: KeyedRequest): Promise<void> {
    return this.transactor.write((em) =>
      this.idempotency.once(em, callerId, keyed, async () => {
        const study = await this.studies.getForUpdate(em, studyId);
        await this.participants.assertHost(em, callerId, studyId);
        assertStillAt(study, seen);
        if (study.step === 'DONE') return;
        study.advance(this.clock.now());
        await this.studies.recordStep(em, study);
      }),
    );
  }
}

function assertStillAt(study: LockedStudy, { expectedStep, expectedCycle }: SeenStep): void {
  const step = toProgressStep(study.step);
  const { currentCycle: cycle, stepStartedAt } = study;
  if ((expectedStep ?? step) === step && (expectedCycle ?? cycle) === cycle) return;
  throw new StepHasChanged({ step, cycle, stepStartedAt: stepStartedAt.toISOString() });
}
