import { DomainError } from '@app/kernel';

export class MemberNotFound extends DomainError {
  readonly code = 1002;
  readonly kind = 'not-found';
  readonly message = '해당하는 멤버가 없습니다.';
  readonly detail = 'The member of this access token exists no more.';
}
