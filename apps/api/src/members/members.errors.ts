import { DomainError } from '@app/kernel';
import { FieldError } from '../http/field-error';

export class MemberNotFound extends DomainError {
  readonly code = 1002;
  readonly kind = 'not-found';
  readonly message = '해당하는 멤버가 없습니다.';
  readonly detail = 'The member of this access token exists no more.';
}

export class MemberNameInvalid extends FieldError {
  readonly code = 1005;
  readonly message = '이름이 유효하지 않습니다.';
}

export class TimeZoneInvalid extends FieldError {
  readonly code = 1006;
  readonly message = '시간대가 유효하지 않습니다.';
}
