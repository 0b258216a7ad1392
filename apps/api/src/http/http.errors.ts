import { DomainError } from '@app/kernel';
import { LIMITS } from './limits';

export class MalformedJson extends DomainError {
  readonly code = 1601;
  readonly kind = 'invalid';
  readonly message = '요청 본문이 올바른 JSON이 아닙니다.';
  readonly detail = `The body is not valid JSON, or is nested deeper than ${LIMITS.bodyDepth} levels. Send a JSON object, or no body where none is needed.`;
}

export class RouteNotFound extends DomainError {
  readonly code = 1602;
  readonly kind = 'not-found';
  readonly message = '존재하지 않는 주소입니다.';
  readonly detail = 'Nothing lives at this path. GET /v3/api-docs lists what does.';
}

export class MethodNotAllowed extends DomainError {
  readonly code = 1603;
  readonly kind = 'method-not-allowed';
  readonly message = '허용되지 않은 요청 방식입니다.';
  readonly detail = 'This path does not take this method; the Allow header lists those that it takes.';
}

export class BodyTooLarge extends DomainError {
  readonly code = 1604;
  readonly kind = 'too-large';
  readonly message = '요청 본문이 너무 큽니다.';
  readonly detail = `The body is larger than ${LIMITS.bodyBytes} bytes.`;
}

export class UnsupportedMediaType extends DomainError {
  readonly code = 1605;
  readonly kind = 'unsupported-media-type';
  readonly message = '지원하지 않는 형식입니다.';
  readonly detail = 'Send the body with Content-Type: application/json.';
}

export class HeadersTooLarge extends DomainError {
  readonly code = 1606;
  readonly kind = 'headers-too-large';
  readonly message = '요청 헤더가 너무 큽니다.';
  readonly detail = 'The headers of the request are too large. Send fewer or shorter ones.';
}

export class MalformedRequest extends DomainError {
  readonly code = 1607;
  readonly kind = 'invalid';
  readonly message = '요청을 이해할 수 없습니다.';
  readonly detail = 'The request line, a header or the percent-encoding of the path is not valid HTTP.';
}

export class RequestTimedOut extends DomainError {
  readonly code = 1608;
  readonly kind = 'timeout';
  readonly message = '요청이 제시간에 도착하지 않았습니다.';
  readonly detail = 'The request did not arrive in time. Send it again.';
}

export class UnexpectedError extends DomainError {
  readonly code = 1690;
  readonly kind = 'unexpected';
  readonly message = '서버에 문제가 생겼습니다. 잠시 후 다시 시도해 주세요.';
  readonly detail = 'An unexpected error. Report it with the X-Request-Id of this answer.';
}

export class ServiceUnavailable extends DomainError {
  readonly code = 1691;
  readonly kind = 'unavailable';
  readonly message = '서비스를 잠시 사용할 수 없습니다. 잠시 후 다시 시도해 주세요.';
  readonly detail =
    'A part that this request needs cannot be reached just now. Try again after Retry-After seconds.';

  override get retryAfterS(): number {
    return 1;
  }
}
