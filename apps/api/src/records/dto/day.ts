import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { InvalidRequest } from '../../http/field-error';
import { fieldRule } from '../../http/validation';
import { isDay } from '../../days/days';

const REASON = 'must be a day that exists, as YYYY-MM-DD';

const schemaOf = (description: string) => ({ format: 'date', description, example: '2026-11-20' });

/** Documents a day of the calendar. */
export const ApiDay = (description: string) => ApiProperty(schemaOf(description));

/** Documents a day of the calendar that may be left out. */
export const ApiDayOptional = (description: string) => ApiPropertyOptional(schemaOf(description));

/** A day of the calendar. */
export const IsDay = () => fieldRule('isDay', REASON, InvalidRequest, isDay);
