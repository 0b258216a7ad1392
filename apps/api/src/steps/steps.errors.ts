import { DomainError } from '@app/kernel';

/** Where a study stands, as clients are told. */
export interface CurrentStep {
  readonly step: string;
  readonly cycle: number;
  /** ISO instant. */
  readonly stepStartedAt: string;
}

const EXAMPLE: CurrentStep = { step: 'retrospect', cycle: 1, stepStartedAt: '2026-03-03T07:12:02.500Z' };

export class StepHasChanged extends DomainError {
  readonly code = 1309;
  readonly kind = 'conflict';
  readonly message = '스터디가 이미 다른 단계로 넘어갔습니다.';
  readonly detail =
    'The study is in another step or cycle than expected; `current` says in which. Nothing was changed.';

  constructor(readonly current: CurrentStep = EXAMPLE) {
    super();
  }

  override get extensions() {
    return { current: this.current };
  }
}
