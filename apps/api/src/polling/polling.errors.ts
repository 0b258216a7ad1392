import { DomainError } from '@app/kernel';

export class NothingToSubmit extends DomainError {
  readonly code = 1308;
  readonly kind = 'invalid';
  readonly message = '해당 단계에서는 제출 여부를 조회할 수 없습니다.';
  readonly detail = 'Nothing is submitted in the lobby or once the study is over.';
}
