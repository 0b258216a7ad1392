import { DomainError, type FieldProblem } from '@app/kernel';

/**
 * A field that is missing, of the wrong type or out of its limits. When several are wrong the answer carries the code
 * of the first in the contract's order, and names them all.
 */
export abstract class FieldError extends DomainError {
  readonly kind = 'invalid';

  /** @param problems in the contract's order, the one of this class first */
  constructor(readonly problems: readonly FieldProblem[] = []) {
    super();
  }

  get detail(): string {
    const named = this.problems.map(({ path, reason }) => `${path} ${reason}`.trim()).join('; ');
    return named === ''
      ? 'A field is missing, of the wrong type or out of its limits; `errors` names it.'
      : named;
  }

  override get extensions() {
    return { errors: this.problems };
  }
}

/** Any field that has no code of its own. */
export class InvalidRequest extends FieldError {
  readonly code = 1600;
  readonly message = '요청의 형식이 올바르지 않습니다.';
}

export type FieldErrorClass = new (problems?: readonly FieldProblem[]) => FieldError;
