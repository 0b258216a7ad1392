import { DomainError } from '@app/kernel';

export class InvalidAccessToken extends DomainError {
  readonly code = 1403;
  readonly kind = 'unauthenticated';
  readonly message = '유효하지 않은 액세스 토큰입니다';
  readonly detail =
    'The access token is forged, expired, ended or not ours. Get a new one, then repeat the request.';
}

export class InvalidAuthorizationHeader extends DomainError {
  readonly code = 1404;
  readonly kind = 'invalid';
  readonly message = '유효하지 않은 인증 헤더 형식입니다.';
  readonly detail = 'Send the header "Authorization: Bearer <access token>".';
}

export class NotAllowed extends DomainError {
  readonly code = 1500;
  readonly kind = 'forbidden';
  readonly message = '권한이 없습니다.';
  readonly detail =
    'This belongs to another member, only participants of the study may see it, or only administrators who are logged in.';
}
