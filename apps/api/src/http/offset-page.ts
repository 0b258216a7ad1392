import { applyDecorators } from '@nestjs/common';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { TolerantNumber } from './validation';

type Bounds = Readonly<{ min: number; max: number }>;

/** Number of a page of a contract's list; whatever cannot be one is the first. */
export function PageNumber({ min, max }: Bounds): PropertyDecorator {
  const description = 'counted from 0; behind the last one there is nothing; anything that is none is 0';
  return applyDecorators(
    ApiPropertyOptional({
      type: 'integer',
      minimum: min,
      maximum: max,
      default: min,
      description,
      example: 0,
    }),
    TolerantNumber({ min, max }, min),
  );
}

/** Size of a page of a contract's list. */
export function PageSize(bounds: Bounds & Readonly<{ default: number }>): PropertyDecorator {
  const { min, max, default: preset } = bounds;
  const description =
    'rows of a page; a larger number is taken for the largest, anything else for the default';
  return applyDecorators(
    ApiPropertyOptional({
      type: 'integer',
      minimum: min,
      maximum: max,
      default: preset,
      description,
      example: preset,
    }),
    TolerantNumber(bounds, preset),
  );
}
