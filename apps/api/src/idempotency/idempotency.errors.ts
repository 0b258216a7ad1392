import { DomainError } from '@app/kernel';
import { LIMITS } from '../http/limits';

export class IdempotencyKeyInvalid extends DomainError {
  readonly code = 1610;
  readonly kind = 'invalid';
  readonly message = 'Idempotency-Key 헤더의 형식이 올바르지 않습니다.';
  readonly detail = `Idempotency-Key takes ${LIMITS.idempotencyKey.min} to ${LIMITS.idempotencyKey.max} visible ASCII characters.`;
}

export class IdempotencyKeyReused extends DomainError {
  readonly code = 1611;
  readonly kind = 'unprocessable';
  readonly message = '같은 Idempotency-Key로 다른 요청을 보냈습니다.';
  readonly detail =
    'This Idempotency-Key has come with another request before. Use a new key for a new request.';
}
