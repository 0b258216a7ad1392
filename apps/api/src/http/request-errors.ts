import { InvalidRequest } from './field-error';
import { BodyTooLarge, MalformedJson, UnsupportedMediaType } from './http.errors';

/** What may be wrong with a body whether or not the route takes one. */
export const PARSER_ERRORS = [MalformedJson, BodyTooLarge, UnsupportedMediaType] as const;

/** What a route that takes a body may refuse before it looks at the fields. */
export const REQUEST_BODY_ERRORS = [InvalidRequest, ...PARSER_ERRORS] as const;
