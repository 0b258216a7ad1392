import { FieldError } from '../http/field-error';

export class UnregisterReasonEmpty extends FieldError {
  readonly code = 1003;
  readonly message = '빈 탈퇴 사유는 작성이 불가능합니다.';
}

export class UnregisterReasonInvalid extends FieldError {
  readonly code = 1004;
  readonly message = '탈퇴 사유가 너무 길거나 사용할 수 없는 문자가 있습니다.';
}
