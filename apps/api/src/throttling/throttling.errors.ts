import { DomainError } from '@app/kernel';

export class TooManyRequests extends DomainError {
  readonly code = 1429;
  readonly kind = 'throttled';
  readonly message = '요청이 너무 많습니다. 잠시 후 다시 시도해 주세요.';
  readonly detail =
    'This was asked for too often. Wait as many seconds as Retry-After says, then send the request again.';

  /** @param waitS until the next window begins, in s */
  constructor(private readonly waitS = 1) {
    super();
  }

  override get retryAfterS(): number {
    return this.waitS;
  }
}
