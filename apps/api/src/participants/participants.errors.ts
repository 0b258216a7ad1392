import { DomainError } from '@app/kernel';
import { FieldError } from '../http/field-error';
import { LIMITS } from '../http/limits';

export class NotAParticipant extends DomainError {
  readonly code = 1201;
  readonly kind = 'not-found';
  readonly message = '해당 스터디에 참여한 상태가 아닙니다.';
  readonly detail = 'The participant is unknown, or the caller is not in this study.';
}

export class ParticipantOfAnotherStudy extends DomainError {
  readonly code = 1203;
  readonly kind = 'invalid';
  readonly message = '해당 스터디에 참여한 기록이 없습니다.';
  readonly detail = 'This participant belongs to another study.';
}

export class NicknameInvalid extends FieldError {
  readonly code = 1204;
  readonly message = '닉네임 길이가 유효하지 않습니다.';
}

export class NotHost extends DomainError {
  readonly code = 1205;
  readonly kind = 'forbidden';
  readonly message = '방장이 아닙니다.';
  readonly detail = 'Only the host moves a study on.';
}

export class StudyAlreadyStarted extends DomainError {
  readonly code = 1307;
  readonly kind = 'invalid';
  readonly message = '이미 시작된 스터디입니다.';
  readonly detail = 'A study can be joined only while it waits in its lobby.';
}

export class InvitationNeeded extends DomainError {
  readonly code = 1310;
  readonly kind = 'forbidden';
  readonly message = '참여 코드를 먼저 입력해 주세요.';
  readonly detail =
    'Look the study up by its participant code first (GET /api/v2/studies?participantCode=); that lets you join for 24 hours.';
}

export class FirstSeatReserved extends DomainError {
  readonly code = 1311;
  readonly kind = 'conflict';
  readonly message = '방장이 아직 입장하지 않았습니다. 잠시 후 다시 시도해 주세요.';
  readonly detail = `The first seat is kept for the study's creator for ${LIMITS.firstSeatMs / 1_000} seconds. Try again after that.`;
}
