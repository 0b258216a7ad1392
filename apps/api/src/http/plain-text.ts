import { Transform } from 'class-transformer';
import type { FieldErrorClass } from './field-error';
import { fieldRule } from './validation';

/** Code points that a column for a short text holds: a grapheme cluster may be many. */
const COLUMN_CODE_POINTS = 100;
const CONTROL = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u;
/** Something to see: not a blank, not a character that leaves no mark (U+200B, U+3164). */
const VISIBLE = /[^\p{Z}\p{C}\p{Default_Ignorable_Code_Point}]/u;
const segmenter = new Intl.Segmenter('ko', { granularity: 'grapheme' });

/** A text in the characters that a person would count. */
export function charactersOf(text: string): string[] {
  return [...segmenter.segment(text)].map(({ segment }) => segment);
}

/** How many characters a person would count. */
export function graphemes(text: string): number {
  return [...segmenter.segment(text)].length;
}

/** Whether a person would see anything of it. */
export function isVisible(text: string): boolean {
  return VISIBLE.test(text);
}

/** Whether it is a short text for people: see {@link IsPlainText}. */
export function isPlainText(value: unknown, limits: Readonly<{ min: number; max: number }>): value is string {
  if (typeof value !== 'string' || CONTROL.test(value) || !isVisible(value)) return false;
  if ([...value].length > COLUMN_CODE_POINTS) return false;
  const length = graphemes(value);
  return length >= limits.min && length <= limits.max;
}

/**
 * A short text for people: normalised (NFC), blanks around cut off, its length in grapheme clusters; no control
 * characters, no halves of a surrogate pair.
 */
export function IsPlainText(
  limits: Readonly<{ min: number; max: number }>,
  error: FieldErrorClass,
): PropertyDecorator {
  const reason = `must be a text of ${limits.min} to ${limits.max} characters, not blank, without control characters`;
  const rule = fieldRule('isPlainText', reason, error, (value) => isPlainText(value, limits));
  return (target, key) => {
    Transform(({ value }: { value: unknown }) =>
      typeof value === 'string' ? value.normalize('NFC').trim() : value,
    )(target, key);
    rule(target, key);
  };
}
