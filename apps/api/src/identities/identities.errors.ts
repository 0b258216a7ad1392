import { DomainError } from '@app/kernel';
import { CHOICES, type Offer } from './choice';

const EXAMPLE: Offer = { choices: CHOICES, confirmation: 'V0q6fM1tC3mWbXw2nQ9yJr8sLk5pZ7aE4uHdGiTxOoY' };

export class IdentityTaken extends DomainError {
  readonly code = 1410;
  readonly kind = 'conflict';
  readonly message = '이미 다른 회원이 사용 중인 계정입니다.';
  readonly detail =
    'Another member is known by this identity. Send `confirmation` with one of `choices` to /api/v2/me/identities/confirm: ' +
    '`switch` logs in as that member, `merge` also gives that member all that the guest has. Nothing was changed.';

  constructor(readonly offer: Offer = EXAMPLE) {
    super();
  }

  override get extensions() {
    return { ...this.offer };
  }
}

export class ConfirmationOver extends DomainError {
  readonly code = 1411;
  readonly kind = 'invalid';
  readonly message = '계정 확인이 만료되었거나 올바르지 않습니다. 다시 시도해 주세요.';
  readonly detail =
    'The confirmation is unknown, older than 10 minutes or not for the caller; was used for another choice; or does not ' +
    'offer this one. Log in at the provider again.';
}

export class ProviderLinkedAlready extends DomainError {
  readonly code = 1412;
  readonly kind = 'conflict';
  readonly message = '이미 같은 서비스의 다른 계정이 연결되어 있습니다.';
  readonly detail = 'The caller is known by another identity of this provider; one of each is kept.';
}
