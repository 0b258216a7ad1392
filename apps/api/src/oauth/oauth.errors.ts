import { DomainError } from '@app/kernel';
import { FieldError } from '../http/field-error';

export class UnknownProvider extends FieldError {
  readonly code = 1400;
  readonly message = '유효하지 않은 프로바이더 이름입니다.';
}

export class ProviderFailed extends DomainError {
  readonly code = 1406;
  readonly kind = 'failed-elsewhere';
  readonly message = '인증 서버에 문제가 생겼습니다.';
  readonly detail =
    'The login provider refused the code, or gave no answer that says who it is. Log in there again.';
}

export class LoginStateInvalid extends DomainError {
  readonly code = 1408;
  readonly kind = 'invalid';
  readonly message = '로그인 요청이 만료되었거나 올바르지 않습니다. 다시 로그인해 주세요.';
  readonly detail =
    'The state is missing, expired, used already, or was not begun by this browser with this provider. Begin again.';
}

export class ReturnNotListed extends FieldError {
  readonly code = 1409;
  readonly message = '돌아갈 수 없는 주소입니다.';
}

export class LoginDeclined extends DomainError {
  readonly code = 1413;
  readonly kind = 'forbidden';
  readonly message = '로그인을 취소했습니다.';
  readonly detail = 'The person did not let the login provider tell who it is.';
}
