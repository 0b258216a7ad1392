import { DomainError } from '@app/kernel';

export class WrongAdminCredentials extends DomainError {
  readonly code = 1501;
  readonly kind = 'unauthenticated';
  readonly message = '계정 또는 비밀번호가 올바르지 않습니다.';
  readonly detail = 'No administrator has this account and this password.';
}
