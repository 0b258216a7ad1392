import { applyDecorators, type Type } from '@nestjs/common';
import { ApiBearerAuth, ApiExtraModels, ApiOperation, ApiResponse, getSchemaPath } from '@nestjs/swagger';
import type { DomainError } from '@app/kernel';
import { ServiceUnavailable, UnexpectedError } from './http.errors';
import { ProblemDto } from './problem.dto';
import { STATUS_OF, titleOf, toProblem } from './problem';

export type ErrorClass = new () => DomainError;

interface Success {
  readonly status: number;
  readonly description: string;
  /** Body of the answer; none when left out. */
  readonly type?: Type;
  /** `application/json` when left out. */
  readonly contentType?: string;
  /** Headers beside those that every answer has: name to meaning. */
  readonly headers?: Readonly<Record<string, string>>;
}

interface Operation {
  readonly summary: string;
  readonly description?: string;
  /** Left out where nothing but a refusal is ever answered. */
  readonly success?: Success;
  readonly errors?: readonly ErrorClass[];
  /** Of the failures that every route has, those that this one has not. */
  readonly never?: readonly ErrorClass[];
}

const ON_EVERY_ANSWER = {
  'X-Request-Id': 'id of the request, to be named in reports',
  'X-Release': 'release that answered',
};
/** For answers that are documented beside {@link Describe}. */
export const HEADERS_OF_EVERY_ANSWER = headersOf(ON_EVERY_ANSWER);

/** Documents a route: what it does, what it answers, and each failure with its code and an example. */
export function Describe({
  summary,
  description,
  success,
  errors = [],
  never = [],
}: Operation): MethodDecorator {
  const common = [UnexpectedError, ServiceUnavailable].filter((error) => !never.includes(error));
  const failures = groupByStatus([...errors, ...common]);
  return applyDecorators(
    ApiOperation({ summary, description }),
    ApiExtraModels(ProblemDto),
    ...(success === undefined ? [] : [successResponse(success)]),
    ...[...failures].map(([status, group]) => failureResponse(status, group)),
  );
}

/** Documents a route that wants an access token; the guard's own failures come with it. */
export function describeWith(common: readonly ErrorClass[]) {
  return (operation: Operation): MethodDecorator =>
    applyDecorators(
      ApiBearerAuth(),
      Describe({ ...operation, errors: [...common, ...(operation.errors ?? [])] }),
    );
}

function successResponse(success: Success): MethodDecorator {
  return ApiResponse({
    status: success.status,
    description: success.description,
    headers: headersOf({ ...ON_EVERY_ANSWER, ...success.headers }),
    ...bodyOf(success),
  });
}

function bodyOf({ type, contentType }: Success) {
  if (type === undefined || contentType === undefined) return { type };
  return { content: { [contentType]: { schema: { type: 'string' as const } } } };
}

function groupByStatus(errors: readonly ErrorClass[]): Map<number, DomainError[]> {
  const groups = new Map<number, DomainError[]>();
  for (const ErrorClass of new Set(errors)) {
    const error = new ErrorClass();
    const status = STATUS_OF[error.kind];
    groups.set(status, [...(groups.get(status) ?? []), error]);
  }
  return groups;
}

function failureResponse(status: number, errors: readonly DomainError[]): MethodDecorator {
  const examples = errors.map((error) => [
    error.name,
    { summary: `${error.code} ${titleOf(error)}`, value: toProblem(error) },
  ]);
  return ApiResponse({
    status,
    description: errors.map((error) => `**${error.code}** ${error.message}`).join('<br>'),
    headers: HEADERS_OF_EVERY_ANSWER,
    content: {
      'application/problem+json': {
        schema: { $ref: getSchemaPath(ProblemDto) },
        examples: Object.fromEntries(examples) as Record<string, { value: unknown }>,
      },
    },
  });
}

function headersOf(headers: Readonly<Record<string, string>>) {
  return Object.fromEntries(
    Object.entries(headers).map(([name, description]) => [
      name,
      { description, schema: { type: 'string' as const } },
    ]),
  );
}
