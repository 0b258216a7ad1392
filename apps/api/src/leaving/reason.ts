import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { LIMITS } from '../http/limits';
import { graphemes, isVisible } from '../http/plain-text';
import { fieldRule } from '../http/validation';
import { UnregisterReasonEmpty, UnregisterReasonInvalid } from './leaving.errors';

const { max } = LIMITS.unregisterReason;
/** What the column holds: a character, as people count them, may be many code points. */
const COLUMN_CODE_POINTS = 2_000;
/** Control characters but for line breaks and tabs, and halves of a surrogate pair. */
const FORBIDDEN = /[^\P{Cc}\n\r\t]|\p{Cs}/u;

const isGiven = (value: unknown): value is string => typeof value === 'string' && isVisible(value);

function isFit(value: unknown): boolean {
  if (!isGiven(value)) return true;
  return !FORBIDDEN.test(value) && [...value].length <= COLUMN_CODE_POINTS && graphemes(value) <= max;
}

/** Why somebody leaves: a text for people, of several lines if they like; normalised (NFC), blanks around cut off. */
export function IsReason(): PropertyDecorator {
  return applyDecorators(
    Transform(({ value }: { value: unknown }) =>
      typeof value === 'string' ? value.normalize('NFC').trim() : value,
    ),
    fieldRule('isGiven', 'must be a text that is not blank', UnregisterReasonEmpty, isGiven),
    fieldRule(
      'isFit',
      `must be at most ${max} characters long, without control characters`,
      UnregisterReasonInvalid,
      isFit,
    ),
  );
}
