import { InvalidRequest } from './field-error';
import { BodyTooLarge, MalformedJson, UnsupportedMediaType } from './http.errors';

/** What a route that takes a body may refuse before it looks at the fields. */
export const REQUEST_BODY_ERRORS = [
  InvalidRequest,
  MalformedJson,
  BodyTooLarge,
  UnsupportedMediaType,
] as const;
