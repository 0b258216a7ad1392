import { DomainError } from '@app/kernel';

export class SessionOver extends DomainError {
  readonly code = 1402;
  readonly kind = 'invalid';
  readonly message = '만료된 갱신 토큰입니다.';
  readonly detail = 'The refresh token is of no living session. Log in again.';
}

export class SessionNotFound extends DomainError {
  readonly code = 1407;
  readonly kind = 'not-found';
  readonly message = '해당하는 로그인 기기가 없습니다.';
  readonly detail = 'None of your logins has this id; it may have ended already.';
}

export class NoSession extends DomainError {
  readonly code = 1405;
  readonly kind = 'invalid';
  readonly message = '갱신 토큰이 존재하지 않습니다.';
  readonly detail =
    'No refreshToken cookie came with the request. Guests have none: log in as a guest again.';
}
