import {
  applyDecorators,
  Body,
  Query,
  ValidationPipe,
  type ArgumentMetadata,
  type ValidationError,
} from '@nestjs/common';
import { Transform } from 'class-transformer';
import { Allow, ValidateBy } from 'class-validator';
import { InvalidRequest, type FieldErrorClass } from './field-error';

/** Bodies of endpoints that are not in the old clients' contract: a field that they do not know is refused. */
export const UNKNOWN_FIELDS_REFUSED: unique symbol = Symbol('unknown fields refused');

interface Refusal {
  readonly path: string;
  readonly reason: string;
  readonly error: FieldErrorClass;
}

const RESERVED_KEYS = ['__proto__', 'constructor', 'prototype'] as const;

const COMMON = {
  transform: true,
  whitelist: true,
  stopAtFirstError: true,
  exceptionFactory: toFieldError,
} as const;

/** Validates what comes in; the contract's endpoints ignore unknown fields, new ones refuse them. */
export class RequestPipe extends ValidationPipe {
  private readonly strict = new ValidationPipe({ ...COMMON, forbidNonWhitelisted: true });

  constructor() {
    super(COMMON);
  }

  /** Nest drops keys that would pass for a prototype; an answer that is dropped would be lost without a word. */
  protected override stripProtoKeys(value: unknown): void {
    const key = RESERVED_KEYS.find((reserved) => holdsKey(value, reserved));
    if (key === undefined) return;
    throw new InvalidRequest([{ path: key, reason: 'is a name that no field may have', code: 1600 }]);
  }

  override async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    const given = metadata.type === 'body' && value === undefined ? {} : value;
    if (metadata.type === 'body' && !isRecord(given)) {
      throw new InvalidRequest([{ path: '', reason: 'the body must be a JSON object', code: 1600 }]);
    }
    const strict = metadata.metatype !== undefined && UNKNOWN_FIELDS_REFUSED in metadata.metatype;
    if (strict) return (await this.strict.transform(given, metadata)) as unknown;
    return (await super.transform(given, metadata)) as unknown;
  }
}

const REQUEST_PIPE = new RequestPipe();

/** A body, checked by the rules of its class. */
export const CheckedBody = () => Body(REQUEST_PIPE);

/** A query, checked by the rules of its class. */
export const CheckedQuery = () => Query(REQUEST_PIPE);

/** Text of so many UTF-16 units, as the web client counts. */
export function IsTextOf(
  limits: Readonly<{ min: number; max: number }>,
  error: FieldErrorClass,
): PropertyDecorator {
  return fieldRule(
    'isTextOf',
    `must be a text of ${limits.min} to ${limits.max} characters`,
    error,
    (value) => {
      return typeof value === 'string' && value.length >= limits.min && value.length <= limits.max;
    },
  );
}

/** A whole number within limits; a text of digits counts as one, since the web client sends those. */
export function IsWholeNumber(
  limits: Readonly<{ min: number; max: number }>,
  error: FieldErrorClass = InvalidRequest,
): PropertyDecorator {
  const reason = `must be a whole number from ${limits.min} to ${limits.max}`;
  const rule = fieldRule('isWholeNumber', reason, error, (value) => {
    return Number.isInteger(value) && (value as number) >= limits.min && (value as number) <= limits.max;
  });
  return (target, key) => {
    Transform(({ value }: { value: unknown }) => fromDigits(value))(target, key);
    rule(target, key);
  };
}

/** The largest number that the old clients' framework read. */
const LARGEST = 2 ** 31 - 1;

/**
 * A whole number as the contract's lists take it, which refuse none: above the largest it is the largest, and what is
 * none, or below the least, is the default.
 */
export function TolerantNumber(
  { min, max }: Readonly<{ min: number; max: number }>,
  otherwise: number,
): PropertyDecorator {
  return applyDecorators(
    Transform(({ value }: { value: unknown }) => {
      const number = fromDigits(value);
      const isTaken = Number.isInteger(number) && (number as number) >= min && (number as number) <= LARGEST;
      return isTaken ? Math.min(number as number, max) : otherwise;
    }),
    Allow(),
  );
}

/** An id as this service gives them out. */
export function IsId(): PropertyDecorator {
  return IsWholeNumber({ min: 1, max: Number.MAX_SAFE_INTEGER });
}

/** A rule on one field, with the error that its breach is answered with. */
export function fieldRule(
  name: string,
  reason: string,
  error: FieldErrorClass,
  validate: (value: unknown) => boolean,
): PropertyDecorator {
  return ValidateBy({ name, validator: { validate, defaultMessage: () => reason } }, { context: { error } });
}

/** `"25"` as `25`; anything else as it is, for the rule to refuse. */
export function fromDigits(value: unknown): unknown {
  return typeof value === 'string' && /^-?\d{1,16}$/.test(value) ? Number(value) : value;
}

function toFieldError(errors: readonly ValidationError[]): Error {
  const refusals = errors.flatMap((error) => refusalsOf(error));
  const First = refusals[0]?.error ?? InvalidRequest;
  return new First(refusals.map(({ path, reason, error }) => ({ path, reason, code: new error().code })));
}

function refusalsOf({ property, constraints = {}, contexts = {} }: ValidationError): Refusal[] {
  return Object.entries(constraints).map(([name, text]) => {
    const context = contexts[name] as { error?: FieldErrorClass } | undefined;
    const reason = name === 'whitelistValidation' ? 'is not a field of this request' : text;
    return { path: property, reason, error: context?.error ?? InvalidRequest };
  });
}

function holdsKey(value: unknown, key: string): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.hasOwn(value, key) || Object.values(value).some((inner) => holdsKey(inner, key));
}

function isRecord(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
