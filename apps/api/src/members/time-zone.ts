import { Transform } from 'class-transformer';
import { LIMITS } from '../http/limits';
import { fieldRule } from '../http/validation';
import { TimeZoneInvalid } from './members.errors';

/** A name, as in `Asia/Seoul`; offsets such as `+09:00` know no summer time. */
const FORM = /^[A-Z][\w+-]*(\/[\w+-]+)*$/i;
const { max } = LIMITS.timeZone;

/**
 * The one spelling of a time zone's name: `asia/seoul` is `Asia/Seoul`, an alias is the name that it stands for.
 *
 * @returns `null` when there is no such zone
 */
export function canonicalTimeZone(name: string): string | null {
  if (name.length > max || !FORM.test(name)) return null;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone;
  } catch {
    return null;
  }
}

/** The name of a time zone, in any spelling; what is checked is replaced by the canonical one. */
export function IsTimeZone(): PropertyDecorator {
  const reason = `must be the IANA name of a time zone, of at most ${max} characters`;
  const rule = fieldRule('isTimeZone', reason, TimeZoneInvalid, (value) => {
    return typeof value === 'string' && canonicalTimeZone(value) !== null;
  });
  return (target, key) => {
    Transform(({ value }: { value: unknown }) =>
      typeof value === 'string' ? (canonicalTimeZone(value.trim()) ?? value) : value,
    )(target, key);
    rule(target, key);
  };
}
