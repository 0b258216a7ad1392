/** The domain's word for what went wrong; the edge turns it into an HTTP status. */
export type ErrorKind =
  | 'invalid'
  | 'unauthenticated'
  | 'forbidden'
  | 'not-found'
  | 'method-not-allowed'
  | 'timeout'
  | 'conflict'
  | 'too-large'
  | 'unsupported-media-type'
  | 'unprocessable'
  | 'throttled'
  | 'headers-too-large'
  | 'unexpected'
  | 'failed-elsewhere'
  | 'unavailable';

/** One wrong field: where it is, which rule it broke (with the limit), and the code of that rule. */
export interface FieldProblem {
  readonly path: string;
  readonly reason: string;
  readonly code: number;
}

/**
 * A failure that the product expects and a client can act on. Each subclass is one name with one code, beside its
 * feature; a code is never reused.
 */
export abstract class DomainError extends Error {
  /** The number that clients steer by. */
  abstract readonly code: number;
  abstract readonly kind: ErrorKind;
  /** Korean: shown to people verbatim. */
  abstract override readonly message: string;
  /** English: for the developer who reads the answer. */
  abstract readonly detail: string;

  /** Further members of the error body, such as the current state of a study. */
  get extensions(): Readonly<Record<string, unknown>> {
    return {};
  }

  /** After how many seconds the same request is worth another try; `undefined` when waiting does not help. */
  get retryAfterS(): number | undefined {
    return undefined;
  }

  override get name(): string {
    return this.constructor.name;
  }
}
