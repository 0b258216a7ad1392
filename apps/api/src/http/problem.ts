import type { DomainError, ErrorKind, FieldProblem } from '@app/kernel';

/** The HTTP status of each kind of failure. */
export const STATUS_OF = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  'method-not-allowed': 405,
  timeout: 408,
  conflict: 409,
  'too-large': 413,
  'unsupported-media-type': 415,
  unprocessable: 422,
  throttled: 429,
  'headers-too-large': 431,
  unexpected: 500,
  'failed-elsewhere': 500,
  unavailable: 503,
} as const satisfies Record<ErrorKind, number>;

export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

/**
 * The one error body: RFC 9457's members, with the contract's `code` and `message`.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9457
 */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: number;
  readonly message: string;
  readonly errors?: readonly FieldProblem[];
  readonly [extension: string]: unknown;
}

/** Renders a failure as the body that clients get. */
export function toProblem(error: DomainError): Problem {
  return {
    type: `/api/v2/error-code#${error.code}`,
    title: titleOf(error),
    status: STATUS_OF[error.kind],
    detail: error.detail,
    code: error.code,
    message: error.message,
    ...error.extensions,
  };
}

/** `StudyNotFound` as `Study not found`. */
export function titleOf(error: DomainError): string {
  const words = error.name.replace(/(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/g, ' ').toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
