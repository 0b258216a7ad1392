import { DomainError } from '@app/kernel';
import { FieldError } from '../http/field-error';

export class ContentNotFound extends DomainError {
  readonly code = 1100;
  readonly kind = 'not-found';
  readonly message = '해당하는 컨텐츠가 없습니다.';
  readonly detail = 'This participant has no content for the current cycle.';
}

export class ContentTooLong extends FieldError {
  readonly code = 1101;
  readonly message = '작성한 내용이 너무 깁니다.';
}

export class WrongStep extends DomainError {
  readonly code = 1202;
  readonly kind = 'invalid';
  readonly message = '스터디 진행 상태가 적절하지 않습니다.';
  readonly detail = 'A plan is written while planning, a retrospect while looking back.';
}
