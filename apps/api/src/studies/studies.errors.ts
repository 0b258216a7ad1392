import { DomainError } from '@app/kernel';
import { FieldError } from '../http/field-error';

export class ParticipantCodeUnknown extends DomainError {
  readonly code = 1300;
  readonly kind = 'not-found';
  readonly message = '참여 코드가 만료되었거나 존재하지 않습니다.';
  readonly detail = 'No study has this participant code.';
}

export class ParticipantCodeExpired extends DomainError {
  readonly code = 1301;
  readonly kind = 'invalid';
  readonly message = '만료된 참여코드입니다.';
  readonly detail =
    'The study of this code has ended, or its lobby stood empty for a day. Ask for a new code.';
}

export class StudyNotFound extends DomainError {
  readonly code = 1302;
  readonly kind = 'not-found';
  readonly message = '해당하는 스터디가 없습니다.';
  readonly detail = 'No study has this id.';
}

export class StudyNameInvalid extends FieldError {
  readonly code = 1304;
  readonly message = '스터디 이름의 길이가 적절하지 않습니다.';
}

export class TimePerCycleInvalid extends FieldError {
  readonly code = 1305;
  readonly message = '시간 당 사이클 횟수가 적절하지 않습니다.';
}

export class TotalCycleInvalid extends FieldError {
  readonly code = 1306;
  readonly message = '총 사이클 횟수가 적절하지 않습니다.';
}
