import { Injectable } from '@nestjs/common';
import { Transactor } from '@app/database';
import { Clock } from '@app/kernel';
import { stepEndsAtMs } from '@app/pomodoro';
import { IdempotencyService } from '../idempotency/idempotency.service';
import type { KeyedRequest } from '../idempotency/keyed-request';
import { defaultNickname } from '../members/default-nickname';
import { MembersService } from '../members/members.service';
import { JoiningService } from '../participants/joining.service';
import { StudiesService, type LockedStudy } from '../studies/studies.service';
import { toProgressStep, type ProgressStep } from '../studies/study.rules';

export interface SoloRequest {
  readonly totalCycle: number;
  /** Minutes. */
  readonly timePerCycle: number;
  readonly name?: string;
  readonly nickname?: string;
}

/** A study under way, with all that a client needs to show its timer. */
export interface SoloStudyView {
  readonly studyId: number;
  readonly participantId: number;
  readonly name: string;
  readonly nickname: string;
  readonly totalCycle: number;
  readonly timePerCycle: number;
  readonly step: ProgressStep;
  readonly cycle: number;
  /** ISO instants. */
  readonly stepStartedAt: string;
  readonly stepEndsAt: string;
  readonly serverNow: string;
}

const DEFAULT_NAME = '혼자 공부';

@Injectable()
export class SoloService {
  constructor(
    private readonly transactor: Transactor,
    private readonly idempotency: IdempotencyService,
    private readonly members: MembersService,
    private readonly studies: StudiesService,
    private readonly joining: JoiningService,
    private readonly clock: Clock,
  ) {}

  /**
   * Opens a study of one that is planning already: no code, no lobby, one transaction.
   *
   * @throws MemberNotFound
   */
  start(callerId: number, request: SoloRequest, keyed: KeyedRequest): Promise<SoloStudyView> {
    const { totalCycle, timePerCycle, name = DEFAULT_NAME } = request;
    return this.transactor.write((em) =>
      this.idempotency.once(em, callerId, keyed, async () => {
        const member = await this.members.get(em, callerId);
        const nickname = request.nickname ?? defaultNickname(member);
        const study = await this.studies.add(em, callerId, { name, totalCycle, timePerCycle });
        const participantId = await this.joining.sit(em, study, callerId, nickname);
        study.advance(this.clock.now());
        await this.studies.recordStep(em, study);
        return { ...toView(study, this.clock.now()), participantId, nickname };
      }),
    );
  }
}

function toView(study: LockedStudy, now: Date): Omit<SoloStudyView, 'participantId' | 'nickname'> {
  const { id, name, totalCycle, timePerCycle, step, currentCycle, stepStartedAt } = study;
  const startedAtMs = stepStartedAt.getTime();
  return {
    studyId: id,
    name,
    totalCycle,
    timePerCycle,
    step: toProgressStep(step),
    cycle: currentCycle,
    stepStartedAt: stepStartedAt.toISOString(),
    stepEndsAt: new Date(stepEndsAtMs(step, startedAtMs, timePerCycle) ?? startedAtMs).toISOString(),
    serverNow: now.toISOString(),
  };
}
