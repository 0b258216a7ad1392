import { DomainError } from '@app/kernel';

export class CalendarFeedNotFound extends DomainError {
  readonly code = 1700;
  readonly kind = 'not-found';
  readonly message = '존재하지 않거나 해지된 캘린더 주소입니다.';
  readonly detail = 'No calendar feed has this address, or it was revoked. Ask for a new one.';
}
